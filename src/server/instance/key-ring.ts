// The keys of one instance over time.
import type { KeyPool } from "../../token/key-pool.js";
import type { KeySet, SigningKey } from "../../token/keys.js";

/** An instance's keys, which can change while it runs. */
export interface KeyRing {
	/** The keys now; a promise only until the first ones are made, which begins when they are first asked for. */
	current(): KeySet | Promise<KeySet>;
	/** How many keys are published now: none where the first ones are not made yet, which this does not begin. */
	publishedNow(): number;
	/** Makes one change after another. */
	change(change: (keys: KeySet) => KeySet | Promise<KeySet>): Promise<KeySet>;
	/** The keys that it started with, at once. A change that was asked for before and ends after comes to nothing. */
	reset(): void;
	/** A key that no instance has yet. */
	newKey(): Promise<SigningKey>;
}

/** @param first the keys that it starts with, or what makes them */
export function keyRing(
	first: Promise<KeySet> | (() => Promise<KeySet>),
	pool: KeyPool,
): KeyRing {
	let initial: KeySet | undefined;
	let keys: KeySet | undefined;
	let making: Promise<KeySet> | undefined;
	let changing: Promise<unknown> = Promise.resolve();
	let resets = 0;

	async function make(): Promise<KeySet> {
		initial = await (typeof first === "function" ? first() : first);
		keys = initial;
		return initial;
	}
	function current(): KeySet | Promise<KeySet> {
		if (keys) return keys;
		if (!making) {
			making = make();
			// Where they could not be made, who asks next has another try.
			making.catch(() => {
				making = undefined;
			});
		}
		return making;
	}
	if (first instanceof Promise) void current();
	return {
		current,
		publishedNow: () => keys?.published.length ?? 0,
		change(change) {
			const begun = resets;
			const changed = changing.then(async () => {
				const next = await change(await current());
				if (begun === resets) keys = next;
				return next;
			});
			changing = changed.catch(() => undefined);
			return changed;
		},
		reset() {
			resets += 1;
			keys = initial;
		},
		newKey: () => pool.key(),
	};
}
