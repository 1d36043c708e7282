// The test vectors that every release has: keys that follow from a published text, and a document that changes only
// where the catalogue does.
// @ts-check
import { createPrivateKey } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compactDecrypt } from "jose";
import { vectors } from "../dist/harness/vectors.js";
import { jsonText } from "../dist/safe-text.js";
import { derivedKeys } from "../dist/token/derived-keys.js";
import { writeKeyFile } from "../dist/token/key-file.js";
import { keySet, privateJwk, signingKey } from "../dist/token/keys.js";

const SEED = "gitlab-oidc-mock test vectors: everyone has these keys";
const NOW = "2030-01-01T00:00:00Z";

/** Where the document lies, for which a release has the keys too. */
const SAMPLE = new URL("../examples/vectors/vectors.json", import.meta.url);

/** The document and its keys, with the random parts that it had before. */
export async function sample() {
	const source = derivedKeys(SEED);
	const [signIn, ci] = await Promise.all(
		["sign-in", "ci"].map(async (name) => signingKey(await source.rsa(name))),
	);
	if (!signIn || !ci) throw new Error("there are no keys");
	const folder = await mkdtemp(join(tmpdir(), "vectors-"));
	try {
		const keys = join(folder, "keys.json");
		await writeKeyFile(keys, keySet(signIn, ci));
		const made = await vectors({ now: NOW, keys });
		await keepRandom(made, ci);
		return { vectors: jsonText(made), keys: await readFile(keys, "utf8") };
	} finally {
		await rm(folder, { recursive: true });
	}
}

/**
 * Puts tokens of the last time in place of those that differ by what is random alone.
 * @param {import("../dist/index.js").Vectors} made
 * @param {import("../dist/token/keys.js").SigningKey} key
 */
async function keepRandom(made, key) {
	const text = await readFile(SAMPLE, "utf8").catch(() => '{"vectors":[]}');
	/** @type {import("../dist/index.js").Vectors} */
	const before = JSON.parse(text);
	const old = new Map(before.vectors.map(({ id, token }) => [id, token]));
	for (const vector of made.vectors) {
		const token = old.get(vector.id);
		if (!vector.random || token === undefined) continue;
		const isSame =
			vector.random.part === "signature"
				? unsigned(token) === unsigned(vector.token)
				: (await decrypted(token, key)) ===
					(await decrypted(vector.token, key));
		if (isSame) vector.token = token;
	}
}

/** @param {string} token */
const unsigned = (token) => token.slice(0, token.lastIndexOf("."));

/**
 * The header and what is within.
 * @param {string} token
 * @param {import("../dist/token/keys.js").SigningKey} key
 */
async function decrypted(token, key) {
	const privateKey = createPrivateKey({ key: privateJwk(key), format: "jwk" });
	const found = await compactDecrypt(token, privateKey).catch(() => undefined);
	return found && `${token.split(".", 1)[0]} ${Buffer.from(found.plaintext)}`;
}
