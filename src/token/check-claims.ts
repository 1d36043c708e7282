// The reference verifier's checks of claims.
import { MockError } from "../errors.js";
import type { Rule } from "./rules.js";

/** Seconds by which clocks may differ, for each claim. */
export interface Leeway {
	exp: number;
	nbf: number;
	iat: number;
}

/** Takes note of a rule that is broken. */
export type Report = (rule: Rule, message: string) => void;

const LONGEST = 200; // characters of a value in a message
const LONGEST_LIFETIME = 366 * 86_400; // seconds; GitLab's longest job timeout is a month
const REQUIRED_CLAIMS = ["sub", "jti", "project_path", "ref"] as const;

/** `aud` is a text or a list of texts, and ours is there. */
export function checkAudience(
	aud: unknown,
	expected: string | undefined,
	broken: Report,
) {
	const list = typeof aud === "string" ? [aud] : aud;
	if (
		!Array.isArray(list) ||
		list.length === 0 ||
		!list.every((entry) => typeof entry === "string")
	) {
		broken(
			"audience",
			`aud is ${show(aud)}, expected a string or a list of strings`,
		);
	} else if (expected !== undefined && !list.includes(expected)) {
		broken("audience", `aud is ${show(aud)}, expected "${expected}"`);
	}
}

/**
 * The leeway for each claim. With a time or a leeway that is no number, no comparison would find anything.
 * @throws MockError `invalid_option`
 */
export function checkedLeeway(now: number, given: number | Leeway): Leeway {
	const leeway =
		typeof given === "number" ? { exp: given, nbf: given, iat: given } : given;
	const { exp, nbf, iat } = leeway;
	for (const [name, value] of Object.entries({ now, exp, nbf, iat })) {
		if (!isTime(value)) {
			const what = name === "now" ? "now" : `the leeway for ${name}`;
			throw new MockError(
				"invalid_option",
				`${what} is ${String(value).slice(0, 40)}, expected a number of seconds`,
			);
		}
	}
	return leeway;
}

/** `exp`, `nbf` and `iat` are times, on the right sides of now. */
export function checkTimes(
	{ exp, nbf, iat }: Record<string, unknown>,
	now: number,
	leeway: Leeway,
	broken: Report,
) {
	const ago = (time: number) => `${Math.abs(Math.round(now - time))} s`;
	if (!isTime(exp)) {
		broken("expiry", `exp is ${show(exp)}, expected a number of seconds`);
	} else if (exp + leeway.exp <= now) {
		broken("expiry", `the token expired ${ago(exp)} ago`);
	} else if (exp - now > LONGEST_LIFETIME) {
		broken(
			"expiry",
			`the token is good for another ${ago(exp)}, longer than any job runs`,
		);
	}
	if (nbf !== undefined && !isTime(nbf)) {
		broken("not-before", `nbf is ${show(nbf)}, expected a number of seconds`);
	} else if (isTime(nbf) && nbf - leeway.nbf > now) {
		broken("not-before", `the token is not valid for another ${ago(nbf)}`);
	}
	if (!isTime(iat)) {
		broken("issued-at", `iat is ${show(iat)}, expected a number of seconds`);
	} else if (iat - leeway.iat > now) {
		broken("issued-at", `the token was issued ${ago(iat)} in the future`);
	}
}

/** How the sub of a job begins: with a project, in one of its parts. */
const OF_A_JOB = /^((?:(?:job|source)_)?project_(?:path|id)):([^:]*)/;

/** Why this is no ID token of a CI/CD job but something else that GitLab issues; undefined where nothing says so. */
export function otherKind({
	sub,
	events,
}: Record<string, unknown>): string | undefined {
	if (events !== undefined) return "events is that of a logout token";
	const isOther = typeof sub === "string" && sub !== "" && !OF_A_JOB.test(sub);
	return isOther
		? `sub is ${show(sub)}, and that of a job begins with "project_path:"`
		: undefined;
}

/** What GitLab's tokens always have is there, with GitLab's types, and does not contradict itself. */
export function checkGitLabClaims(
	payload: Record<string, unknown>,
	broken: Report,
): void {
	const isText = (value: unknown) => typeof value === "string" && value !== "";
	const missing = REQUIRED_CLAIMS.filter((claim) => !isText(payload[claim]));
	const { ref_protected, environment, sub } = payload;
	const [, first = "", subject] =
		(typeof sub === "string" && OF_A_JOB.exec(sub)) || [];
	const own = first.endsWith("_path") ? payload[first] : undefined;
	const faults = [
		missing.length > 0 &&
			`${missing.join(", ")}: expected a string that is not empty`,
		ref_protected !== "true" &&
			ref_protected !== "false" &&
			`ref_protected is ${show(ref_protected)}, expected "true" or "false" as a string`,
		environment !== undefined &&
			!isText(environment) &&
			`environment is ${show(environment)}, expected a name`,
		subject !== undefined &&
			isText(own) &&
			subject !== own &&
			`sub speaks of ${show(subject)}, ${first} is ${show(own)}`,
	].filter((fault) => fault !== false);
	if (faults.length > 0) broken("claims", faults.join("; "));
}

const isTime = (value: unknown): value is number =>
	typeof value === "number" && Number.isFinite(value);

/** A value of the token, which may be of any length and depth, for a message. */
export function show(value: unknown): string {
	if (value === undefined) return "missing";
	try {
		const text = JSON.stringify(value);
		return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
	} catch {
		return "nested too deep to show";
	}
}
