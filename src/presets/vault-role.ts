// A role of Vault's or OpenBao's JWT method, as its API, its command line or a file has it.
import { z } from "zod";
import { MockError } from "../errors.js";
import { membersOf, readGiven } from "./given-json.js";

const nothing = z.null().transform(() => undefined);

// What `vault write` takes beside a list: commas between the entries.
const list = z
	.union([
		z.array(z.string()),
		z.string().transform((text) =>
			text
				.split(",")
				.map((entry) => entry.trim())
				.filter((entry) => entry !== ""),
		),
		nothing,
	])
	.optional();

const text = z.union([z.string(), nothing]).optional();

// Go's strconv.ParseBool, and 0 and 1 as numbers.
const flag = z
	.union([
		z.boolean(),
		z.union([z.literal(0), z.literal(1)]).transform((bit) => bit === 1),
		z
			.string()
			.regex(/^(?:[01tTfF]|true|True|TRUE|false|False|FALSE)$/)
			.transform((word) => /^[1tT]/.test(word)),
		nothing,
	])
	.optional();

const UNITS: Readonly<Record<string, number>> = {
	ns: 1e-9,
	us: 1e-6,
	µs: 1e-6,
	ms: 1e-3,
	s: 1,
	m: 60,
	h: 3600,
};
const DURATION = /^(-?)((?:\d{1,9}(?:\.\d{1,9})?(?:ns|us|µs|ms|s|m|h))+)$/;

const DAYS = /^(-?\d{1,5})d$/;

/** Whole seconds, or a duration as Go writes it, such as `2m30s`, cut to whole seconds; or days, such as `1d`. */
const duration = z
	.union([
		z.int(),
		z
			.string()
			.regex(/^-?\d{1,9}$/)
			.transform(Number),
		z
			.string()
			.regex(DURATION, "expected seconds or a duration such as 2m30s")
			.transform(secondsOf),
		z
			.string()
			.regex(DAYS)
			.transform((days) => Number.parseInt(days, 10) * 86_400),
		nothing,
	])
	.optional();

function secondsOf(written: string): number {
	const [, sign, amounts = ""] = DURATION.exec(written) ?? [];
	let seconds = 0;
	for (const [, amount, unit = ""] of amounts.matchAll(/([\d.]+)([a-zµ]+)/g)) {
		seconds += Number(amount) * (UNITS[unit] ?? 0);
	}
	return Math.trunc(sign === "-" ? -seconds : seconds);
}

// Vault compares a claim's number in decimal digits with the role's; beyond these, the digits are lost in JSON.parse.
const whole = z
	.number()
	.refine(
		Number.isSafeInteger,
		"of numbers, only whole ones below 2^53 can be followed: write the claim as a text",
	);
const value = z.union([z.string(), z.boolean(), whole]);

// `x=m`, or a list of such, as the command line takes them.
const pair = z.string().regex(/^[^=]+=/, "expected CLAIM=NAME");
const pairs = z
	.union([pair.transform((one) => [one]), z.array(pair)])
	.transform(
		(given): Record<string, string> =>
			Object.fromEntries(
				given.map((one) => {
					const sign = one.indexOf("=");
					return [one.slice(0, sign), one.slice(sign + 1)];
				}),
			),
	);

const emptyList =
	"an empty list: Vault lets no token in with it; name values or leave it out";
const boundClaims = z
	.union([
		z.record(
			z.string().min(1),
			z.union([value, z.array(value).min(1, emptyList)]),
		),
		nothing,
	])
	.optional();

const roleSchema = z.looseObject({
	role_type: z.union([z.enum(["jwt", "oidc", ""]), nothing]).optional(),
	bound_audiences: list,
	bound_subject: text,
	bound_claims: boundClaims,
	bound_claims_type: z
		.union([z.enum(["string", "glob", ""]), nothing])
		.optional(),
	user_claim: z.string().min(1),
	user_claim_json_pointer: flag,
	groups_claim: text,
	claim_mappings: z
		.union([z.record(z.string().min(1), z.string()), pairs, nothing])
		.optional(),
	clock_skew_leeway: duration,
	expiration_leeway: duration,
	not_before_leeway: duration,
	token_bound_cidrs: list,
	bound_cidrs: list,
});
export type VaultRole = z.infer<typeof roleSchema>;

const STRING_OR_NUMBER = /"(?:\\.|[^"\\])*"|-?\d[\d.eE+-]*/g;

/**
 * A role from JSON.
 * @throws MockError `invalid_option` for a number that Vault, which compares the digits as they are written, takes for
 * another one than JSON does; SyntaxError for what is no JSON
 */
export function parseRole(text: string): unknown {
	const role: unknown = JSON.parse(text);
	for (const [written] of text.matchAll(STRING_OR_NUMBER)) {
		if (written.startsWith('"') || String(Number(written)) === written)
			continue;
		throw new MockError(
			"invalid_option",
			`Vault role: Vault compares numbers by the digits that are written, and no claim is written ${written.slice(0, 40)}: write ${Number(written)}`,
		);
	}
	return role;
}

/**
 * Reads a role: what `GET …/role/NAME` answers, what `vault read -format=json` prints, or what
 * `vault write` was given.
 * @throws MockError `invalid_option`
 */
export function readRole(given: unknown): VaultRole {
	const whole = membersOf(given);
	if (whole === undefined) {
		throw new MockError(
			"invalid_option",
			"Vault role: expected the JSON object that `vault read -format=json auth/jwt/role/NAME` prints",
		);
	}
	const data = Object.hasOwn(whole, "data") ? membersOf(whole.data) : whole;
	return readGiven(data ?? whole, roleSchema, "Vault role");
}

// Fields that have no say in who logs in: what the Vault token may do, how long, and those of browsers' logins.
const WITHOUT_SAY =
	/^(name|policies|ttl|max_ttl|period|num_uses|token_(?!bound_cidrs$).+|oauth2_metadata|oidc_scopes|allowed_redirect_uris|verbose_oidc_logging|max_age|alias_metadata|callback_mode|poll_interval)$/;

/** The fields of a role that might restrict it and that this tool does not know. */
export const unknownFields = (role: VaultRole): string[] =>
	Object.keys(role).filter(
		(field) =>
			!Object.hasOwn(roleSchema.shape, field) && !WITHOUT_SAY.test(field),
	);
