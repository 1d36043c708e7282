// What a policy says of a token's claims: the conditions that they do not meet, and what it looks at.
import { claimAt, topClaim } from "../../scenario/claim-path.js";
import { type Leeway, show } from "../../token/check-claims.js";
import { type Expression, expressionOf } from "./expression.js";
import { compileCondition, type Test } from "./match.js";
import type { Demands, Policy } from "./schema.js";
import { STRANGERS } from "./strangers.js";

type Claims = Readonly<Record<string, unknown>>;

interface CompiledDemands {
	tests: readonly (readonly [path: string, test: Test])[];
	required: readonly string[];
}

interface CompiledPolicy extends CompiledDemands {
	alternatives: readonly CompiledDemands[];
}

const MOST_TOLD = 3; // of the alternatives none of which is met
const compiled = new WeakMap<Policy, CompiledPolicy>();

/**
 * The conditions that `claims` do not meet, each in one sentence; empty where all hold.
 * Types count: `true` is not `"true"`. Null is as if the claim were not there.
 */
export function judgePolicy(claims: Claims, policy: Policy): string[] {
	const { demanded, each } = unmetBy(claims, policy);
	const unmet = [...new Set(demanded.map(({ because }) => because))];
	if (each.length > 0) {
		const told = each.slice(0, MOST_TOLD).map(([first]) => first?.because);
		unmet.push(
			each.length === 1
				? String(told[0])
				: `none of ${each.length} alternatives is met: ${told.join("; ")}${each.length > MOST_TOLD ? "; …" : ""}`,
		);
	}
	return unmet;
}

/** Whether `claims` meet these demands. */
export const isMet = (claims: Claims, demands: Demands): boolean =>
	unmetOf(claims, compileDemands(demands)).length === 0;

/** What {@link judgePolicy} tells of, claim by claim; of every alternative, where none is met. */
export function unmetPaths(claims: Claims, policy: Policy): Unmet["path"][] {
	const { demanded, each } = unmetBy(claims, policy);
	return [demanded, ...each].flat().map(({ path }) => path);
}

/** A condition that is not met. */
interface Unmet {
	/** the claim, as the policy names it; null: that there be a single audience */
	path: string | null;
	/** in one sentence */
	because: string;
}

/** What is demanded and not met and, where no alternative is met, what each of them lacks. */
function unmetBy(
	claims: Claims,
	policy: Policy,
): { demanded: Unmet[]; each: Unmet[][] } {
	const { alternatives, ...demands } = compile(policy);
	const demanded = unmetOf(claims, demands);
	if (policy.audience === "single" && !hasSingleAudience(claims)) {
		const aud = show(claimAt(claims, "aud"));
		const because = `aud is ${aud}, the policy wants a single audience`;
		demanded.push({ path: null, because });
	}
	if (policy.expression && !policy.expression.holds(claims)) {
		demanded.push(...unmetParts(claims, policy.expression));
	}
	const each = alternatives.map((one) => unmetOf(claims, one));
	const isMet = each.some(({ length }) => length === 0);
	return { demanded, each: isMet ? [] : each };
}

/** Whether the policy looks at this claim at all. */
export const usesClaim = (policy: Policy, claim: string): boolean =>
	(claim === "aud" && policy.audience === "single") ||
	(claim === "jti" && policy.replay === "reject") ||
	readBy(policy).some((path) => topClaim(path) === claim);

/** Whether the policy looks at what only a job's token says. */
export const looksAtJob = (policy: Policy): boolean =>
	readBy(policy).some((path) => !OF_ANY_TOKEN.has(topClaim(path)));

const readBy = (policy: Policy): string[] => [
	...[policy, ...(policy.any_of ?? [])].flatMap(
		({ claims = {}, required = [] }) => [...Object.keys(claims), ...required],
	),
	...(policy.expression?.parts ?? []).flatMap(({ reads }) => reads),
];

/** What the tokens of people and sessions have as well. */
const OF_ANY_TOKEN: ReadonlySet<string> = new Set([
	...["iss", "aud", "exp", "nbf", "iat", "jti"],
]);

/** Seconds by which clocks may differ. */
export function leewayOf({ leeway = 0 }: Policy): Leeway {
	if (typeof leeway === "number") {
		return { exp: leeway, nbf: leeway, iat: leeway };
	}
	const { exp = 0, nbf = 0, iat = 0 } = leeway;
	return { exp, nbf, iat };
}

/**
 * Whether every job of every project gets in: jobs that have nothing in common do. Issuer and
 * audience are left out, since any job of the same GitLab can have them.
 */
export function letsEverythingIn(policy: Policy): boolean {
	const anyone: Policy = {
		...withoutAddress(policy),
		...(policy.any_of && { any_of: policy.any_of.map(withoutAddress) }),
		expression: expressionOf(
			(policy.expression?.parts ?? []).filter(
				({ reads }) =>
					reads.length === 0 ||
					reads.some((path) => !ADDRESS.has(topClaim(path))),
			),
		),
	};
	return STRANGERS.every((claims) => judgePolicy(claims, anyone).length === 0);
}

/** Whether it names whom it does not want, and not only whom it wants. */
export const excludes = ({ claims = {}, any_of = [] }: Policy): boolean =>
	[claims, ...any_of.map((one) => one.claims ?? {})]
		.flatMap((one) => Object.values(one))
		.some((condition) => JSON.stringify(condition).includes('"not":'));

const ADDRESS: ReadonlySet<string> = new Set(["iss", "aud"]);

function withoutAddress({ claims = {}, required = [] }: Demands): Demands {
	const kept = Object.entries(claims).filter(
		([path]) => !ADDRESS.has(topClaim(path)),
	);
	return {
		claims: Object.fromEntries(kept),
		required: required.filter((path) => !ADDRESS.has(topClaim(path))),
	};
}

function unmetOf(
	claims: Claims,
	{ tests, required }: CompiledDemands,
): Unmet[] {
	const unmet: Unmet[] = [];
	for (const [path, test] of tests) {
		const value = claimAt(claims, path);
		if (!test.fits(value)) {
			const is = `${nameOf(path)} is ${show(value)}`;
			unmet.push({ path, because: `${is}, the policy wants ${test.wants}` });
		}
	}
	for (const path of required) {
		const value = claimAt(claims, path);
		if (value === undefined || value === null) {
			const is = `${nameOf(path)} is ${show(value)}`;
			unmet.push({ path, because: `${is}, the policy wants it there` });
		}
	}
	return unmet;
}

/** The parts at fault, once for each claim that they look at. */
function unmetParts(claims: Claims, { parts }: Expression): Unmet[] {
	const failing = parts.filter((part) => !part.holds(claims));
	if (failing.length === 0) {
		// The whole has the last word, whatever its parts say.
		return [
			{ path: NO_CLAIM, because: "the policy's expression does not hold" },
		];
	}
	return failing.flatMap(({ wants, reads }) => {
		const found = reads
			.slice(0, MOST_TOLD)
			.map((path) => `${nameOf(path)} is ${show(claimAt(claims, path))}`);
		const is = found.length > 0 ? `${found.join(", ")}, ` : "";
		const because = `${is}the policy wants ${wants}`;
		return (reads.length > 0 ? reads : [NO_CLAIM]).map((path) => ({
			path,
			because,
		}));
	});
}

const NO_CLAIM = "expression"; // of a part that looks at none, such as `false`

const nameOf = (path: string) =>
	/^[\w./~:-]{1,100}$/.test(path) ? path : show(path);

function compile(policy: Policy): CompiledPolicy {
	const known = compiled.get(policy);
	if (known) return known;
	const made: CompiledPolicy = {
		...compileDemands(policy),
		alternatives: (policy.any_of ?? []).map(compileDemands),
	};
	compiled.set(policy, made);
	return made;
}

const compileDemands = ({
	claims = {},
	required = [],
}: Demands): CompiledDemands => ({
	tests: Object.entries(claims).map(
		([path, condition]) => [path, compileCondition(condition)] as const,
	),
	required,
});

function hasSingleAudience(claims: Claims): boolean {
	const aud = claimAt(claims, "aud");
	return Array.isArray(aud) ? aud.length === 1 : typeof aud === "string";
}
