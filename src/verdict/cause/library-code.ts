// The line of code that mends a cause, in the library that the relying party uses.
import type { Policy } from "../policy/schema.js";
import type { Cause } from "../result.js";
import { claimOf } from "./checks.js";
import { LINES, type Library, type Topic } from "./library-lines.js";

/** What a line is filled in from. */
export interface Using {
	library: Library;
	issuer: string;
	audience: string;
	policy: Policy;
}

/** Causes by the names that they do not share with their check. */
const TOPIC_OF: Readonly<Record<string, Topic>> = {
	"alg-none": "algorithm",
	"hmac-under-public-text": "algorithm",
	"other-rsa-algorithms": "algorithm",
	"other-key-types": "algorithm",
	"algorithm-unchecked": "algorithm",
	"signature-unchecked": "signature",
	"no-signature": "signature",
	"expiry-unchecked": "expiry",
	"expired-is-taken": "expiry",
	"leeway-too-long": "leeway",
	"exp-missing": "exp-missing",
	"type-unchecked": "type",
	"critical-unchecked": "critical",
};

/** The causes, with the line where there is one. */
export const withCode = (
	causes: readonly Cause[],
	using: Using | undefined,
): Cause[] =>
	causes.map((cause) => {
		const code =
			using && cause.kind === "dangerous" && codeFor(cause.id, using);
		return code ? { ...cause, code } : cause;
	});

/** The line for a cause; undefined where none is known. */
export function codeFor(
	id: string,
	{ library, issuer, audience, policy }: Using,
): string | undefined {
	const compared = /^(audience|issuer|claim:[a-z_]+)-/.exec(id)?.[1];
	const claim = compared === undefined ? undefined : claimOf(compared);
	const topic = claim !== undefined ? "claim" : (compared ?? TOPIC_OF[id]);
	const line = topic === undefined ? undefined : LINES[library][topic as Topic];
	if (line === undefined) return undefined;
	const wanted = claim === undefined ? "" : policy.claims?.[claim];
	// Only what is one text can be compared in one line.
	if (typeof wanted !== "string") return undefined;
	const values: Readonly<Record<string, string>> = {
		issuer: JSON.stringify(issuer),
		audience: JSON.stringify(audience),
		wanted: JSON.stringify(wanted),
		name: JSON.stringify(claim),
		claim: claim ?? "",
	};
	return line.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name]));
}
