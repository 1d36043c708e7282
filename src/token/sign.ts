// Honest signatures: RSASSA-PKCS1-v1_5 with SHA-256, in the thread pool, on key objects made once.
import { sign } from "node:crypto";
import { promisify } from "node:util";
import type { SigningKey } from "./keys.js";

const signAsync = promisify(sign);

/** The RS256 signature of `input` (RFC 7518 §3.3). */
export const rs256 = (input: string, key: SigningKey): Promise<Buffer> =>
	signAsync("sha256", Buffer.from(input), key.privateKey);
