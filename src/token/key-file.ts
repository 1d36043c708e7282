// An instance's keys in a file: a private JWKS or PEM, the sign-in key first and then the CI key.

import { type JsonWebKey, randomUUID, verify } from "node:crypto";
import { link, stat, unlink, writeFile } from "node:fs/promises";
import { MockError, messageOf } from "../errors.js";
import { inTurn } from "../in-turn.js";
import { readTextFile } from "../text-file.js";
import {
	fromPrivateJwk,
	generateKeySet,
	type KeySet,
	keySet,
	privateJwk,
	type SigningKey,
} from "./keys.js";
import { signRsa } from "./sign.js";

const isPem = (text: string) => text.startsWith("-----BEGIN ");

const WORLD = 0o007;

/**
 * Reads a private JWKS, or two private keys as PEM.
 * @throws MockError `file` if it cannot be read, `invalid_keys` if it is damaged or open to all users
 */
export async function readKeyFile(path: string): Promise<KeySet> {
	const text = await read(path);
	const refuse = (why: string): never => {
		throw new MockError(
			"invalid_keys",
			`${path}: ${why}; make a new one with: gitlab-oidc-mock keys --new FILE`,
		);
	};
	let keys: unknown;
	try {
		const read: { keys?: unknown } | null = isPem(text)
			? await (await inTurn(() => import("./key-forms.js"))).jwksOfPem(text)
			: JSON.parse(text);
		keys = read?.keys;
	} catch {
		refuse("not JSON"); // the parser's own message would quote the file
	}
	if (!Array.isArray(keys) || keys.length !== 2) {
		return refuse(
			'neither a private JWKS of two keys, {"keys":[sign-in key, CI key]}, nor two private keys as PEM',
		);
	}
	const [signIn, ci] = await Promise.all(
		keys.map((jwk, index) =>
			checked(jwk).catch((error) =>
				refuse(`keys[${index}] is ${messageOf(error)}`),
			),
		),
	);
	if (signIn?.jwk.n === ci?.jwk.n) refuse("both keys are the same");
	if (signIn?.kid === ci?.kid) refuse("both keys have the same kid");
	return keySet(signIn as SigningKey, ci as SigningKey);
}

const KID = /^[\x21-\x7e]{1,255}$/;

async function checked(jwk: unknown) {
	const { kid } = (jwk ?? {}) as { kid?: unknown };
	if (kid !== undefined && !(typeof kid === "string" && KID.test(kid)))
		throw new Error(
			"a key whose kid is not a text of at most 255 printable characters",
		);
	const key = await fromPrivateJwk(jwk as JsonWebKey).catch(() => {
		throw new Error("not a private RSA key");
	});
	const bits = key.privateKey.asymmetricKeyDetails?.modulusLength ?? 0;
	if (bits < 2048) throw new Error("not an RSA key of 2048 bits or more");
	const signature = await signRsa("trial", key).catch(() => Buffer.alloc(0));
	if (!verify("sha256", Buffer.from("trial"), key.publicKey, signature)) {
		throw new Error("a key whose private and public parts do not fit");
	}
	return key;
}

function read(path: string): Promise<string> {
	return readTextFile(path, {
		check({ mode }) {
			if (process.platform !== "win32" && mode & WORLD) {
				throw new MockError(
					"invalid_keys",
					`${path} holds private keys and is open to every user; close it with: chmod 600 ${path}`,
				);
			}
		},
	}).catch((error) => {
		throw error.code === "too_large"
			? new MockError("invalid_keys", error.message)
			: error;
	});
}

/**
 * Writes `keys` to a new file that only its owner may read.
 * @throws MockError `file` if it exists or cannot be written
 */
export async function writeKeyFile(path: string, keys: KeySet): Promise<void> {
	const jwks = { keys: [privateJwk(keys.signIn), privateJwk(keys.ci)] };
	const draft = `${path}.${randomUUID()}.new`;
	try {
		await writeFile(draft, `${JSON.stringify(jwks, null, 2)}\n`, {
			mode: 0o600,
			flag: "wx",
		});
		// A link appears whole or not at all, and never replaces a file.
		await link(draft, path);
	} catch (error) {
		throw new MockError("file", `cannot write ${path}: ${messageOf(error)}`, {
			cause: error,
		});
	} finally {
		await unlink(draft).catch(() => undefined);
	}
}

/** The keys in `path`, which is made if it is missing. */
export async function openKeyFile(path: string): Promise<KeySet> {
	if (await missing(path)) {
		const keys = await generateKeySet();
		try {
			await writeKeyFile(path, keys);
			return keys;
		} catch (error) {
			if (await missing(path)) throw error;
			// Another process made it first: its keys count.
		}
	}
	return readKeyFile(path);
}

const missing = (path: string): Promise<boolean> =>
	stat(path).then(
		() => false,
		(error: NodeJS.ErrnoException) => error.code === "ENOENT",
	);
