// Where keys come from that are not an instance's own two: the attacker's, and those published beside them.
import { generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import { generateKey } from "./generate-key.js";

/** Makes private keys. What a key is for is its name: a source that derives keys gives each name its own. */
export interface KeySource {
	/** @param bits of the modulus; default 2048 */
	rsa(name: string, bits?: number): Promise<KeyObject>;
	/** on the curve P-256 */
	ec(name: string): Promise<KeyObject>;
	/** for Ed25519 */
	ed(name: string): Promise<KeyObject>;
}

const generatePair = promisify(generateKeyPair);

/** New keys, which nobody has had before. */
export const freshKeys: KeySource = {
	async rsa(_, bits) {
		if (bits === undefined) return generateKey();
		return (await generatePair("rsa", { modulusLength: bits })).privateKey;
	},
	async ec() {
		return (await generatePair("ec", { namedCurve: "P-256" })).privateKey;
	},
	async ed() {
		return (await generatePair("ed25519")).privateKey;
	},
};

const made = new WeakMap<KeySource, Map<string, Promise<unknown>>>();

/** What `make` gives, which is asked once for each source and name. */
export function once<Made>(
	source: KeySource,
	name: string,
	make: () => Promise<Made>,
): Promise<Made> {
	const named = made.get(source) ?? new Map<string, Promise<unknown>>();
	made.set(source, named);
	const one = (named.get(name) as Promise<Made> | undefined) ?? make();
	named.set(name, one);
	return one;
}
