// The keys of one instance over time.
import type { KeySet } from "../../token/keys.js";

/** An instance's keys, which can change while it runs. */
export interface KeyRing {
	/** The keys now; a promise only until the first ones are made. */
	current(): KeySet | Promise<KeySet>;
	/** Makes one change after another. */
	change(change: (keys: KeySet) => KeySet | Promise<KeySet>): Promise<KeySet>;
	/** The keys that it started with. */
	reset(): void;
	readonly ready: boolean;
}

export function keyRing(initial: KeySet | Promise<KeySet>): KeyRing {
	let keys: KeySet | undefined;
	let changing: Promise<unknown> = Promise.resolve();
	const made = Promise.resolve(initial).then((first) => {
		keys ??= first;
		return first;
	});
	made.catch(() => undefined); // who asks is told
	if (!(initial instanceof Promise)) keys = initial;
	return {
		current: () => keys ?? made,
		change(change) {
			const changed = changing.then(async () => {
				keys = await change(keys ?? (await made));
				return keys;
			});
			changing = changed.catch(() => undefined);
			return changed;
		},
		reset() {
			if (keys !== undefined)
				void made.then((first) => {
					keys = first;
				});
		},
		get ready() {
			return keys !== undefined;
		},
	};
}
