// What a schema does not see in a profile: a target that makes no request, a policy that no token meets.
import { claimNames, isClaimName } from "../gitlab/claim-names.js";
import { nearest } from "../nearest.js";
import type { TargetConfig } from "../relying-party/target/config.js";
import { HttpFault } from "../relying-party/target/http-fault.js";
import { httpJudge } from "../relying-party/target/http-judge.js";
import { messageWriter } from "../relying-party/target/http-message.js";
import { topClaim } from "../scenario/claim-path.js";
import type { Demands, Policy } from "../verdict/policy/schema.js";

interface ProfileProblem {
	path: (string | number)[];
	message: string;
}

const ANY_PORT = 80; // which one is known when the RP is started

/** What keeps an HTTP target from being asked, or its answers from being understood. */
export function targetProblems({
	target,
}: {
	target?: TargetConfig | undefined;
}): ProfileProblem[] {
	if (target === undefined || !("http" in target)) return [];
	const { http } = target;
	return [() => messageWriter(http, ANY_PORT), () => httpJudge(http)].flatMap(
		(make) => {
			try {
				make();
				return [];
			} catch (error) {
				if (!(error instanceof HttpFault)) throw error;
				const { part, reason } = error;
				return [{ path: ["target", "http", ...part], message: reason }];
			}
		},
	);
}

/**
 * Claims that no job's token has, of no version of GitLab. A policy that demands one lets nobody in, so that the run
 * would prove nothing: better told here than at the control.
 */
export function claimProblems(policy: Policy | undefined): ProfileProblem[] {
	if (policy === undefined) return [];
	const { any_of = [] } = policy;
	return [
		...unknownClaims(policy, ["policy"]),
		...any_of.flatMap((one, at) =>
			unknownClaims(one, ["policy", "any_of", at]),
		),
	];
}

function unknownClaims(
	{ claims = {}, required = [] }: Demands,
	path: ProfileProblem["path"],
): ProfileProblem[] {
	const bound = Object.entries(claims)
		.filter(([, condition]) => !mayBeMissing(condition))
		.map(([name]) => ({ name, path: [...path, "claims", name] }));
	const named = required.map((name, at) => ({
		name,
		path: [...path, "required", at],
	}));
	return [...bound, ...named]
		.filter(({ name }) => !isClaimName(topClaim(name)))
		.map(({ name, path }) => ({ path, message: unknownClaim(topClaim(name)) }));
}

function unknownClaim(name: string): string {
	const near = nearest(name, claimNames());
	const hint = near.length === 0 ? "" : `; nearest: ${near.join(", ")}`;
	return `no token of a GitLab job has this claim, so nobody gets in${hint}`;
}

/** Whether a condition, or one within it, says `missing: ok`. */
const mayBeMissing = (condition: unknown): boolean =>
	JSON.stringify(condition).includes('"missing":"ok"');
