// Which tokens come out different each time, though all that goes into them is fixed.
import type { TokenPlan } from "../../token/make.js";
import type { Vector } from "./schema.js";

/** Edits after which nothing is left of the signature that was made. */
const WITHOUT_SIGNATURE: ReadonlySet<unknown> = new Set([
	"empty-signature",
	"zero-signature",
	"strip-signature",
	"header-alone",
	"nothing",
]);

/** What of a token is random by nature; null where nothing is. */
export function randomPart({ mangle, signing }: TokenPlan): Vector["random"] {
	if (mangle.includes("encrypt")) {
		return {
			part: "token",
			why: "encryption draws a new key each time (RFC 7516 §5.1)",
		};
	}
	if (mangle.some((step) => WITHOUT_SIGNATURE.has(step))) return null;
	if (typeof signing !== "object" || "hmac" in signing) return null;
	if (signing.alg?.startsWith("PS")) {
		return {
			part: "signature",
			why: "RSASSA-PSS draws a salt each time (RFC 8017 §8.1.1)",
		};
	}
	return signing.key === "ec-p256"
		? {
				part: "signature",
				why: "ECDSA draws a number each time (RFC 6979 §3 has a way without, which OpenSSL 3.0 has not)",
			}
		: null;
}
