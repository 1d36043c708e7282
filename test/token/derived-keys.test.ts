// Keys that follow from others: always the same, each name its own, and good for what they are for.
import { createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { derivedKeys, withDerivedKeys } from "../../src/token/derived-keys.js";
import { unpublishedKey } from "../../src/token/keys.js";
import { extraKey } from "../../src/token/named-keys.js";
import { keys } from "./instance.js";

const one = derivedKeys("a seed");
const same = derivedKeys("a seed");
const other = derivedKeys("another seed");

// RSA keys that are short: they are made in the same way, and at once.
const KINDS: [
	string,
	(source: typeof one, name: string) => Promise<KeyObject>,
][] = [
	["RSA", (source, name) => source.rsa(name, 512)],
	["P-256", (source, name) => source.ec(name)],
	["Ed25519", (source, name) => source.ed(name)],
];

describe.each(KINDS)("a key for %s", (kind, make) => {
	let key: KeyObject;
	beforeAll(async () => {
		key = await make(one, "a name");
	});

	test("is the same for the same seed and name, and for no others", async () => {
		expect(key.equals(await make(same, "a name"))).toBe(true);
		expect(key.equals(await make(one, "b name"))).toBe(false);
		expect(key.equals(await make(other, "a name"))).toBe(false);
	});

	test("signs, and its public half verifies", () => {
		const hash = kind === "Ed25519" ? null : "sha256";
		const [input, changed] = [Buffer.from("text"), Buffer.from("Text")];
		const signature = sign(hash, input, key);
		const publicKey = createPublicKey(key);
		expect(verify(hash, input, publicKey, signature)).toBe(true);
		expect(verify(hash, changed, publicKey, signature)).toBe(false);
	});
});

test("an RSA key has the length that was asked for", async () => {
	for (const bits of [512, 1024]) {
		const { asymmetricKeyDetails } = await one.rsa("length", bits);
		expect(asymmetricKeyDetails).toEqual({
			modulusLength: bits,
			publicExponent: 65537n,
		});
	}
});

test("the keys of an instance stand for the attacker's, which others have not", async () => {
	const derived = withDerivedKeys(keys);
	const again = withDerivedKeys(keys);
	const swapped = withDerivedKeys({
		...keys,
		ci: keys.signIn,
		signIn: keys.ci,
	});
	const kidOf = async ({ source }: typeof derived) => [
		(await unpublishedKey(source)).kid,
		(await extraKey("ec-p256", source)).kid,
	];
	const kids = await kidOf(derived);
	expect(await kidOf(again)).toEqual(kids);
	for (const others of [await kidOf(swapped), await kidOf(keys)])
		for (const kid of others) expect(kids).not.toContain(kid);
	expect({ ...derived, source: undefined }).toEqual({
		...keys,
		source: undefined,
	});
});
