// What can happen to an instance's keys, one step after another, whichever way it is asked for.
import type { KeySet, SigningKey } from "../../token/keys.js";
import * as rotation from "../../token/rotation.js";
import type { KeyRing } from "./key-ring.js";

/** Each gives the keys after it. @throws MockError `not_found` where the key is unknown, `too_large` */
export interface KeySteps {
	/** A new key takes over; the old one stays published until it is retired. */
	rotate(options?: {
		/** default `ci` */
		key?: rotation.KeyRole | undefined;
		/** default `at-once` */
		order?: rotation.RotationOrder | undefined;
	}): Promise<NewKey>;
	/** Signs with this key from now on. */
	sign(kid: string, key?: rotation.KeyRole): Promise<KeySet>;
	/** Puts a key into the JWKS. */
	publish(kid: string): Promise<KeySet>;
	/** Takes a key out of the JWKS. */
	retire(kid: string): Promise<KeySet>;
	/** Publishes one more key, which never signs. */
	add(): Promise<NewKey>;
	/** Another key under the same kid. */
	replace(kid: string): Promise<KeySet>;
}

export interface NewKey {
	key: SigningKey;
	keys: KeySet;
}

export function keySteps(ring: KeyRing): KeySteps {
	/** The key is made ahead, and comes in when it is this step's turn. */
	async function withNewKey(
		step: (keys: KeySet, key: SigningKey) => KeySet,
	): Promise<NewKey> {
		const made = ring.newKey();
		const keys = await ring.change(async (current) =>
			step(current, await made),
		);
		return { key: await made, keys };
	}
	return {
		rotate: ({ key = "ci", order = "at-once" } = {}) =>
			withNewKey((keys, fresh) => rotation.rotate(keys, key, fresh, order)),
		sign: (kid, key = "ci") =>
			ring.change((keys) => rotation.signWith(keys, key, kid)),
		publish: (kid) => ring.change((keys) => rotation.publish(keys, kid)),
		retire: (kid) => ring.change((keys) => rotation.retire(keys, kid)),
		add: () => withNewKey(rotation.add),
		async replace(kid) {
			const { keys } = await withNewKey((current, fresh) =>
				rotation.replace(current, kid, fresh),
			);
			return keys;
		},
	};
}
