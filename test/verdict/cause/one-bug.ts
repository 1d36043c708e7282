// Relying parties with one bug each, as code that looks at the token: strict in everything else.
import {
	constants,
	createHash,
	createHmac,
	createPublicKey,
	type JsonWebKey,
	publicDecrypt,
	verify,
} from "node:crypto";
import type { FaultMap } from "../../../src/scenario/fault.js";
import type { WayName } from "../../../src/scenario/near/ways.js";
import { publicPem, unpublishedKey } from "../../../src/token/keys.js";
import { keyNamed } from "../../../src/token/named-keys.js";
import type { Finding } from "../../../src/token/verify.js";
import type { Comparison } from "../near/sloppy.js";

/** What a relying party has before it. */
export interface Seen {
	token: string;
	header: Readonly<Record<string, unknown>>;
	claims: Readonly<Record<string, unknown>>;
	/** what a strict one has against it */
	against: readonly Finding["rule"][];
	keys: readonly JsonWebKey[];
	now: number;
	/** what a strict one has against another token */
	judge(token: string): readonly Finding["rule"][];
	/** how the issuer misbehaves meanwhile */
	faults: FaultMap;
}

/** Whether only these rules speak against it. */
const only = ({ against }: Seen, ...rules: Finding["rule"][]) =>
	against.every((rule) => rules.includes(rule));
const signatureOf = (token: string) =>
	Buffer.from(token.split(".")[2] ?? "", "base64url");
const inputOf = (token: string) => token.split(".", 2).join(".");
const number = (value: unknown): number | undefined =>
	typeof value === "number" ? value : undefined;

const keyOf = ({ keys, header }: Seen) =>
	keys.find(({ kid }) => kid === header.kid);
const bitsOf = ({ n = "" }: JsonWebKey) =>
	8 * Buffer.from(n, "base64url").length;
const verifiedBy = ({ token }: Seen, key: JsonWebKey) =>
	verify(
		"sha256",
		Buffer.from(inputOf(token)),
		{ key, format: "jwk" },
		signatureOf(token),
	);

/** Keys that no JWKS has. */
const STRANGERS = {
	unpublished: (await unpublishedKey()).jwk as JsonWebKey,
	retired: (await keyNamed("retired", {} as never)).jwk as JsonWebKey,
};

/** Tokens that a bug lets in, by the mistake that it is. */
export const BUGS: Readonly<Record<string, (seen: Seen) => boolean>> = {
	"alg-none": (seen) =>
		/^none$/i.test(String(seen.header.alg)) && only(seen, "algorithm"),
	"hmac-under-public-text": (seen) => {
		const { token, header, keys } = seen;
		if (header.alg !== "HS256" || !only(seen, "algorithm")) return false;
		const key = keys.find(({ kid }) => kid === header.kid);
		if (key?.kty !== "RSA") return false;
		const pem = publicPem({
			publicKey: createPublicKey({ key, format: "jwk" }),
		} as never);
		const made = createHmac("sha256", pem).update(inputOf(token)).digest();
		return made.equals(signatureOf(token));
	},
	"other-rsa-algorithms": (seen) => {
		const { token, header, keys } = seen;
		const alg = String(header.alg);
		if (!/^RS(384|512)$/.test(alg) || !only(seen, "algorithm")) return false;
		const key = keys.find(({ kid }) => kid === header.kid);
		return (
			key !== undefined &&
			verify(
				`sha${alg.slice(2)}`,
				Buffer.from(inputOf(token)),
				{ key, format: "jwk" },
				signatureOf(token),
			)
		);
	},
	"alg-spelled-otherwise": (seen) => {
		const { header } = seen;
		return (
			String(header.alg).toUpperCase() === "RS256" && only(seen, "algorithm")
		);
	},
	"key-from-the-token": (seen) => {
		const { token, header } = seen;
		const { jwk } = header as { jwk?: JsonWebKey };
		return (
			jwk !== undefined &&
			header.alg === "RS256" &&
			only(seen, "key", "signature") &&
			verify(
				"sha256",
				Buffer.from(inputOf(token)),
				{ key: jwk, format: "jwk" },
				signatureOf(token),
			)
		);
	},
	"no-signature": (seen) =>
		signatureOf(seen.token).every((byte) => byte === 0) &&
		seen.token.split(".").length === 3 &&
		only(seen, "signature"),
	"exp-missing": (seen) =>
		(seen.claims.exp ?? null) === null && only(seen, "expiry"),
	"exp-of-another-type": (seen) =>
		seen.claims.exp !== undefined &&
		seen.claims.exp !== null &&
		typeof seen.claims.exp !== "number" &&
		only(seen, "expiry"),
	"expired-is-taken": (seen) =>
		(number(seen.claims.exp) ?? Number.POSITIVE_INFINITY) <= seen.now &&
		only(seen, "expiry"),
	"leeway-too-long": (seen) => {
		const { exp } = seen.claims;
		return (
			(number(exp) ?? 0) > seen.now - 400 &&
			(number(exp) ?? 0) > 1e9 &&
			(number(exp) ?? 0) <= seen.now &&
			only(seen, "expiry") &&
			Number(seen.claims.iat) < Number(exp)
		);
	},
	"nbf-leeway": (seen) => {
		const { nbf } = seen.claims;
		return (
			(number(nbf) ?? Number.POSITIVE_INFINITY) < seen.now + 400 &&
			only(seen, "not-before")
		);
	},
	"nbf-of-another-type": (seen) =>
		typeof seen.claims.nbf === "string" && only(seen, "not-before"),
	"sign-in-token": (seen) =>
		seen.claims.auth_time !== undefined && only(seen, "token-type"),
	"other-key-types": (seen) => {
		const key = keyOf(seen);
		return (
			seen.header.alg === "ES256" &&
			only(seen, "algorithm") &&
			key?.kty === "EC" &&
			verify(
				"sha256",
				Buffer.from(inputOf(seen.token)),
				{ key, format: "jwk", dsaEncoding: "ieee-p1363" },
				signatureOf(seen.token),
			)
		);
	},
	"fails-open": (seen) =>
		only(seen, "key", "signature") &&
		Object.values(seen.faults).some(
			({ status = 200, reset, keys, body }) =>
				status >= 500 || reset || keys === "empty" || body !== undefined,
		),
	"discovery-of-another": (seen) =>
		only(seen, "key", "signature") &&
		JSON.stringify(
			seen.faults["/.well-known/openid-configuration"] ?? "",
		).includes("{attacker}"),
	"withdrawn-key": (seen) =>
		only(seen, "key") && verifiedBy(seen, STRANGERS.retired),
	"weak-key": (seen) => {
		const key = keyOf(seen);
		return (
			only(seen, "key") &&
			key?.kty === "RSA" &&
			(bitsOf(key) < 2048 || key.e === "AQ") &&
			(key.e === "AQ" || verifiedBy(seen, key))
		);
	},
	"key-for-another-use": (seen) => {
		const key = keyOf(seen);
		return (
			only(seen, "key") &&
			key?.kty === "RSA" &&
			bitsOf(key) === 2048 &&
			key.e === "AQAB" &&
			verifiedBy(seen, key)
		);
	},
	"unknown-kid": (seen) =>
		only(seen, "key") &&
		keyOf(seen) === undefined &&
		[...seen.keys, STRANGERS.unpublished].some(
			(key) => key?.kty === "RSA" && verifiedBy(seen, key),
		) &&
		!["jwk", "jku", "x5c", "x5u"].some((member) => member in seen.header) &&
		Object.keys(seen.faults).length === 0,
	"rsa-padding": (seen) => {
		const key = keyOf(seen);
		if (!only(seen, "signature") || key?.kty !== "RSA") return false;
		try {
			const message = publicDecrypt(
				{
					key: createPublicKey({ key, format: "jwk" }),
					padding: constants.RSA_NO_PADDING,
				},
				signatureOf(seen.token),
			);
			const digest = createHash("sha256").update(inputOf(seen.token)).digest();
			return message.includes(digest) && seen.header.alg === "RS256";
		} catch {
			return false;
		}
	},
	"signature-of-something-else": (seen) => {
		const key = keyOf(seen);
		if (!only(seen, "signature") || key?.kty !== "RSA") return false;
		try {
			const signed = publicDecrypt(
				createPublicKey({ key, format: "jwk" }),
				signatureOf(seen.token),
			);
			const digest = createHash("sha256").update(inputOf(seen.token)).digest();
			// SHA-256, of whatever.
			return signed.length === 51 && !signed.includes(digest);
		} catch {
			return false;
		}
	},
	"any-key-verifies": (seen) =>
		only(seen, "signature") &&
		seen.header.jwk === undefined &&
		verifiedBy(seen, STRANGERS.unpublished),
	"signature-spelled-otherwise": (seen) => {
		const [header, payload] = seen.token.split(".");
		const signature = signatureOf(seen.token);
		const cut = signature.subarray(0, 256).toString("base64url");
		return (
			signature.length > 256 &&
			only(seen, "signature") &&
			seen.judge(`${header}.${payload}.${cut}`).length === 0
		);
	},
	"exp-read-twice": (seen) => {
		const text = Buffer.from(seen.token.split(".")[1] ?? "", "base64url");
		const all = [...text.toString().matchAll(/"exp":(\d+)/g)];
		return (
			all.length > 1 && Number(all[0]?.[1]) > seen.now && only(seen, "expiry")
		);
	},
	"lenient-parser": (seen) =>
		only(seen, "shape") &&
		seen.judge(seen.token.replace(/^Bearer |[\s"]/g, "")).length === 0,
	"list-for-text": (seen) =>
		Array.isArray(seen.claims.project_path) && only(seen, "claims"),
	"jti-missing": (seen) =>
		seen.claims.jti === undefined && only(seen, "claims"),
	"sub-unchecked": (seen) =>
		(typeof seen.claims.sub !== "string" || seen.claims.sub === "") &&
		only(seen, "claims"),
};

const text =
	(test: (value: string, wanted: string) => boolean): Comparison =>
	(claims, name, wanted) => {
		const value = Object.hasOwn(claims, name) ? claims[name] : undefined;
		return (
			value === wanted ||
			(typeof value === "string" && test(value, String(wanted)))
		);
	};
const escaped = (pattern: string) =>
	pattern.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");

/** Comparisons as people write them, by the way of comparing that they are. */
export const COMPARED: Partial<Record<WayName, Comparison>> = {
	prefix: text((value, wanted) => value.startsWith(wanted)),
	suffix: text((value, wanted) => value.endsWith(wanted)),
	substring: text((value, wanted) => value.includes(wanted)),
	"any-character": text((value, wanted) =>
		new RegExp(`^(?:${wanted})$`).test(value),
	),
	"unanchored-pattern": text((value, wanted) => new RegExp(wanted).test(value)),
	"letter-case": text(
		(value, wanted) => value.toLowerCase() === wanted.toLowerCase(),
	),
	blanks: text((value, wanted) => value.trim() === wanted),
	newline: text((value, wanted) =>
		new RegExp(`^${escaped(wanted)}\\n?$`).test(value),
	),
	"another-line": text((value, wanted) =>
		new RegExp(`^${escaped(wanted)}$`, "m").test(value),
	),
	"comma-list": text((value, wanted) => value.split(",").includes(wanted)),
	"first-segment": text(
		(value, wanted) => value.split("/")[0] === wanted.split("/")[0],
	),
	"last-segment": text(
		(value, wanted) => value.split("/").at(-1) === wanted.split("/").at(-1),
	),
	"list-with-others": (claims, name, wanted) =>
		[claims[name]].flat().includes(wanted),
	truthy: (claims, name) => Boolean(claims[name]),
	missing: (claims, name, wanted) => !claims[name] || claims[name] === wanted,
	prototype: (claims, name, wanted) =>
		Object.assign({} as Record<string, unknown>, claims)[name] === wanted,
};
