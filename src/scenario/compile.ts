// From a scenario to the plan of its token: job, then claims, header, signature and mangling.
import { randomUUID } from "node:crypto";
import { type Claims, claimsOf } from "../gitlab/claims.js";
import type { Job } from "../gitlab/job.js";
import type { Plan } from "../gitlab/plan.js";
import { parseVersion } from "../gitlab/version.js";
import type { JoseHeader } from "../token/compact.js";
import type { TokenPlan } from "../token/make.js";
import { BLANK, baselineJob } from "./baseline.js";
import { applyDifferences } from "./differences.js";
import { editMembers, readTime } from "./edit.js";
import { withoutClaim } from "./near/blocks.js";
import { checkRequirements } from "./requirements.js";
import type { JobDifferences, Scenario } from "./schema.js";

/** The GitLab that issues, and for whom. */
export interface Issuing {
	issuer: string;
	/** the instance's own URL, where `issuer` is another one */
	url?: string | undefined;
	version: string;
	plan: Plan;
	/** the clock's time, in seconds since the epoch */
	now: number;
	audience: string | string[];
	/** how the baseline job differs from the built-in one */
	baseline?: JobDifferences | undefined;
	/** where the attacker's keys are; default below the issuer */
	attacker?: string | undefined;
	/** the token's `jti`; default a new one */
	jti?: string | undefined;
}

const jobs = new WeakMap<Scenario, Job>();

/** The baseline job in force, with the ids of `scenario`. */
const ownJob = ({ id }: Scenario, baseline?: JobDifferences): Job =>
	applyDifferences(baselineJob(id), baseline, BLANK);

/**
 * The job of a scenario: the baseline with its differences.
 * @param baseline how the user's own baseline differs from the built-in one
 * @throws MockError `not_applicable` where this baseline has nothing to differ from
 */
export function jobOf(scenario: Scenario, baseline?: JobDifferences): Job {
	const make = () =>
		applyDifferences(ownJob(scenario, baseline), scenario.job, BLANK);
	if (baseline !== undefined) return make();
	const job = jobs.get(scenario) ?? make();
	jobs.set(scenario, job);
	return job;
}

/**
 * What the scenario's token is made of.
 * @throws MockError `not_applicable` where it cannot be made of the baseline, or with the GitLab, that is in force
 */
export function compile(scenario: Scenario, situation: Issuing): TokenPlan {
	const { now } = situation;
	const edit = (base: Claims, edits: Parameters<typeof editMembers>[1]) =>
		editMembers(base, edits, Math.floor(now));
	const { token = {}, instance = {}, near } = scenario;
	if (near) throw withoutClaim(scenario.id, near);
	const version = instance.gitlab_version
		? parseVersion(instance.gitlab_version)
		: situation.version;
	checkRequirements(scenario, version, () =>
		ownJob(scenario, situation.baseline),
	);
	const honest = claimsOf(jobOf(scenario, situation.baseline), {
		issuer: situation.issuer,
		url: situation.url,
		version,
		plan: instance.plan ?? situation.plan,
		audience: situation.audience,
		issuedAt: Math.floor(
			token.issued ? (readTime(token.issued, now) ?? now) : now,
		),
		jti: situation.jti ?? randomUUID(),
	});
	const payload: Claims = edit(honest, token.claims);
	return {
		payload,
		honest,
		header: (plain) => edit(plain, token.header),
		encoding: token.encode,
		headerEncoding: token.encode_header,
		attacker: situation.attacker ?? attackerOf(situation.issuer),
		signing: token.sign ?? { key: "ci" },
		mangle: (token.mangle ?? []).map((step) => {
			if (typeof step === "string") return step;
			return "claims" in step
				? { payload: edit(payload, step.claims) }
				: { header: (signed: JoseHeader) => edit(signed, step.header) };
		}),
	};
}

/** Where a server that is called `issuer` has the attacker's keys. */
export const attackerOf = (issuer: string): string =>
	`${issuer}/_mock/attacker`;
