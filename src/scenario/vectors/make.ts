// Every scenario's token at a fixed time, in one document. Nothing is read or asked: the same values give the same text.
import { createHash } from "node:crypto";
import { MockError } from "../../errors.js";
import type { Claims } from "../../gitlab/claims.js";
import { discoveryDocument, PATHS } from "../../gitlab/discovery.js";
import { publishedKeys } from "../../token/jwks.js";
import { type KeySet, publicKeys } from "../../token/keys.js";
import { makeToken } from "../../token/make.js";
import { RULES } from "../../token/rules.js";
import { VERSION } from "../../version.js";
import { compile, type Issuing } from "../compile.js";
import type { Scenario } from "../schema.js";
import { impactOf, levelOf } from "../severity.js";
import { tooLarge, unfit } from "./left-out.js";
import { randomPart } from "./random.js";
import type { Vector, Vectors } from "./schema.js";

/** What a document is made of. */
export interface VectorsPlan {
	/** who issues, at which time; `now` in whole seconds */
	situation: Issuing & { audience: string };
	/** with the attacker's, where the document is to be the same each time */
	keys: KeySet;
	/** in the order of the document */
	scenarios: readonly Scenario[];
	/** what genuine tokens are compared with */
	baseline: Scenario;
	/** include tokens of more than 64 KiB; default false */
	large?: boolean | undefined;
	/** what else is left out, and why */
	leftOut?: Vectors["left_out"] | undefined;
}

/** Makes the document. */
export async function createVectors(plan: VectorsPlan): Promise<Vectors> {
	const { situation, keys, scenarios, leftOut = [] } = plan;
	const vectors: Vector[] = [];
	const left_out: Vectors["left_out"] = [];
	for (const scenario of scenarios) {
		const made = await vectorOf(scenario, plan);
		if (typeof made === "string")
			left_out.push({ id: scenario.id, reason: made });
		else vectors.push(made);
	}
	left_out.push(...leftOut);
	const { issuer, audience, now, version } = situation;
	const expecting = (word: Vector["expect"]) =>
		vectors.filter(({ expect }) => expect === word).length;
	return {
		format: 1,
		generator: `gitlab-oidc-mock ${VERSION}`,
		warning:
			"For tests only: no GitLab has these keys, and nothing that is real may trust them.",
		reproducible: keys.source !== undefined,
		gitlab_version: version,
		verifier: {
			issuer,
			audience,
			algorithms: ["RS256"],
			leeway: 0,
			now,
			time: new Date(now * 1000).toISOString(),
		},
		discovery: discoveryDocument(issuer, version),
		jwks: publicKeys(keys),
		rules: Object.fromEntries(
			Object.entries(RULES).map(([id, { title, spec }]) => [
				id,
				{ title, spec: [...spec] },
			]),
		),
		count: {
			vectors: vectors.length,
			accept: expecting("accept"),
			reject: expecting("reject"),
			policy: expecting("policy"),
			either: expecting("either"),
			left_out: left_out.length,
		},
		vectors,
		left_out,
	};
}

/** The vector of a scenario, or why there is none. */
async function vectorOf(
	scenario: Scenario,
	{ situation, keys, baseline, large }: VectorsPlan,
): Promise<Vector | string> {
	const reason = unfit(scenario);
	if (reason !== undefined) return reason;
	const { id, instance, expect } = scenario;
	const fixed = { ...situation, jti: jtiOf(id, situation.now) };
	const plan = compiled(scenario, fixed);
	if (plan instanceof MockError) return plan.message;
	const { token } = await makeToken(plan, keys);
	const excess = large ? undefined : tooLarge(token);
	if (excess !== undefined) return excess;
	const played = instance?.faults?.[PATHS.keys];
	return {
		id,
		title: scenario.title,
		expect,
		rule: scenario.rule ?? null,
		level: levelOf(scenario),
		impact: impactOf(scenario),
		only_if: scenario.only_if ?? null,
		why: scenario.why,
		spec: scenario.spec,
		seen: scenario.seen ?? [],
		requires: scenario.requires ?? [],
		differs:
			expect === "policy"
				? differences(
						compile({ ...baseline, id }, fixed).payload as Claims,
						plan.payload as Claims,
					)
				: [],
		random: randomPart(plan),
		jwks: played
			? asJson({ keys: await publishedKeys(keys, played.publish, played.keys) })
			: null,
		token,
	};
}

function compiled(scenario: Scenario, situation: Issuing) {
	try {
		return compile(scenario, situation);
	} catch (error) {
		if (error instanceof MockError && error.code === "not_applicable")
			return error;
		throw error;
	}
}

/** A UUID, as GitLab's are, that is always the same for the same scenario and time. */
function jtiOf(id: string, now: number): string {
	const digest = createHash("sha256").update(`${now} ${id}`).digest("hex");
	return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-4${digest.slice(13, 16)}-a${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
}

/** How a genuine token's claims differ from the honest job's. */
function differences(baseline: Claims, claims: Claims): Vector["differs"] {
	const names = new Set([...Object.keys(baseline), ...Object.keys(claims)]);
	return [...names]
		.filter(
			(name) => JSON.stringify(baseline[name]) !== JSON.stringify(claims[name]),
		)
		.map((claim) =>
			asJson({ claim, baseline: baseline[claim], value: claims[claim] }),
		);
}

/** What JSON keeps of a value: members that are undefined are not there. */
const asJson = <Value>(value: unknown): Value =>
	JSON.parse(JSON.stringify(value));
