// From a finished description to a token: sign, then mangle.
import { base64url, type JoseHeader, signingInput } from "./compact.js";
import { type Encoding, encodePayload } from "./encode.js";
import {
	MANGLES,
	type Mangle,
	replaceHeader,
	replacePayload,
} from "./forge.js";
import { type HmacSecret, hmac } from "./hmac.js";
import { type KeySet, type SigningKey, unpublishedKey } from "./keys.js";
import { type RsaAlgorithm, signRsa } from "./sign.js";

/** The keys that a token can be signed with; `unpublished` is in no JWKS. */
export const KEY_NAMES = ["ci", "sign-in", "unpublished"] as const;
export type KeyName = (typeof KEY_NAMES)[number];

/** How the third part of a token comes about. */
export type Signing =
	| { key?: KeyName | undefined; alg?: RsaAlgorithm | undefined }
	| { hmac: HmacSecret }
	| "none";

/** All that a token is made of. */
export interface TokenPlan {
	/** members that differ from GitLab's `kid`, `typ`, `alg`, in order */
	header: (honest: JoseHeader) => JoseHeader;
	payload: unknown;
	/** how the payload is written; default compact JSON */
	encoding?: Encoding | undefined;
	signing: Signing;
	mangle: readonly (
		| Mangle
		| { payload: unknown }
		| { header: (signed: JoseHeader) => JoseHeader }
	)[];
}

/** A token in compact serialization, and what it was made of. */
export interface MadeToken {
	token: string;
	header: JoseHeader;
	payload: unknown;
}

/** Makes the token that `plan` describes, with the keys of an instance. */
export async function makeToken(
	plan: TokenPlan,
	keys: KeySet,
): Promise<MadeToken> {
	const { signing } = plan;
	const key = await keyNamed(
		typeof signing === "object" && "key" in signing ? signing.key : undefined,
		keys,
	);
	let header = plan.header({ kid: key.kid, typ: "JWT", alg: "RS256" });
	const bytes = encodePayload(plan.payload, plan.encoding);
	const input = signingInput(header, bytes);
	const signature = await signatureOf(input, signing, header.alg, key, keys);
	let token = `${input}.${signature && base64url(signature)}`;
	let { payload } = plan;
	for (const step of plan.mangle) {
		if (typeof step === "string") {
			token = MANGLES[step](token);
		} else if ("payload" in step) {
			({ payload } = step);
			token = replacePayload(token, payload);
		} else {
			header = step.header(header);
			token = replaceHeader(token, header);
		}
	}
	return { token, header, payload };
}

function signatureOf(
	input: string,
	signing: Signing,
	algorithm: unknown,
	key: SigningKey,
	keys: KeySet,
): Promise<Buffer> | Buffer | "" {
	if (signing === "none") return ""; // Attack: RFC 7518 §3.6, an empty signature.
	if ("hmac" in signing) return hmac(input, signing.hmac, algorithm, keys);
	return signRsa(input, key, signing.alg);
}

function keyNamed(
	name: KeyName | undefined,
	keys: KeySet,
): SigningKey | Promise<SigningKey> {
	if (name === "unpublished") return unpublishedKey();
	return name === "sign-in" ? keys.signIn : keys.ci;
}
