// Signatures with RSA keys, in the thread pool, on key objects made once: RS256 as GitLab has it, and the others.
import { constants, sign } from "node:crypto";
import { promisify } from "node:util";
import type { SigningKey } from "./keys.js";

const signAsync = promisify(sign);

const PSS = {
	padding: constants.RSA_PKCS1_PSS_PADDING,
	saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
};

/** The RSA algorithms of RFC 7518 §3.3 and §3.5. GitLab uses the first. */
export const RSA_ALGORITHMS = {
	RS256: {
		description: "RSASSA-PKCS1-v1_5 with SHA-256: GitLab's",
		hash: "sha256",
		options: {},
	},
	RS384: {
		description: "the same with SHA-384",
		hash: "sha384",
		options: {},
	},
	RS512: {
		description: "the same with SHA-512",
		hash: "sha512",
		options: {},
	},
	PS256: {
		description: "RSASSA-PSS with SHA-256",
		hash: "sha256",
		options: PSS,
	},
	PS384: {
		description: "the same with SHA-384",
		hash: "sha384",
		options: PSS,
	},
	PS512: {
		description: "the same with SHA-512",
		hash: "sha512",
		options: PSS,
	},
} as const;

export type RsaAlgorithm = keyof typeof RSA_ALGORITHMS;

/** The signature of `input` by an RSA key. */
export function signRsa(
	input: string,
	{ privateKey }: Pick<SigningKey, "privateKey">,
	algorithm: RsaAlgorithm = "RS256",
): Promise<Buffer> {
	const { hash, options } = RSA_ALGORITHMS[algorithm];
	return signAsync(hash, Buffer.from(input), { key: privateKey, ...options });
}
