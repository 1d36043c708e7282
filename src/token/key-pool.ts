// Keys made before they are asked for: an RSA key takes longer than a request may wait.
import { generateKey } from "./generate-key.js";
import { type KeySet, keySet, type SigningKey, signingKey } from "./keys.js";

/** Makes keys ahead. Each is given once: no two instances, and no two servers, have one in common. */
export interface KeyPool {
	/** A key that nobody else has. */
	key(): Promise<SigningKey>;
	/** Two keys that nobody else has: those of one more instance. */
	pair(): Promise<KeySet>;
}

const SPARE = 4; // keys that lie ready: two instances, or a few rotations

const newKey = () => generateKey().then(signingKey);

/** A pool for one server. Nothing is made before the first key is asked for; from then on some lie ready. */
export function keyPool(
	make: () => Promise<SigningKey> = newKey,
	most = SPARE,
): KeyPool {
	const spare: SigningKey[] = [];
	let filling = false;

	// One after the other, so that the other threads of the pool are left to who asks.
	async function fill(): Promise<void> {
		if (filling) return;
		filling = true;
		try {
			while (spare.length < most) spare.push(await make());
		} catch {
			// Who asks next makes a key at once, and is told.
		} finally {
			filling = false;
		}
	}
	async function key(): Promise<SigningKey> {
		const ready = spare.shift();
		const taken = ready === undefined ? make() : Promise.resolve(ready);
		void fill();
		return taken;
	}
	return {
		key,
		async pair() {
			return keySet(...(await Promise.all([key(), key()])));
		},
	};
}
