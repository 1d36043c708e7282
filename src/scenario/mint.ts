// A token on demand: the scenario is found, adjusted, compiled and made.

import type { Clock } from "../clock.js";
import type { Claims } from "../gitlab/claims.js";
import type { Plan } from "../gitlab/plan.js";
import { inTurn } from "../in-turn.js";
import type { JoseHeader } from "../token/compact.js";
import type { KeySet } from "../token/keys.js";
import { makeToken } from "../token/make.js";
import type { Catalogue } from "./catalogue.js";
import { compile, type Issuing } from "./compile.js";
import { isTemplate } from "./near/template.js";
import type { JobDifferences, Scenario } from "./schema.js";

/** The scenario that a request without a name means: GitLab's token for a plain job on `main`. */
export const DEFAULT_SCENARIO = "valid/baseline";

/** How many tokens were made, by what a relying party owes them. */
export type Tally = Record<Scenario["expect"], number>;

/** Who issues: everything that does not depend on the single token. */
export interface Mint {
	catalogue: Catalogue;
	keys: KeySet;
	clock: Clock;
	/** URL without a trailing slash */
	issuer: string;
	/** the instance's own URL, where `issuer` is another one */
	url?: string | undefined;
	version: string;
	plan: Plan;
	/** the `aud` of a token whose request names none */
	audience: string;
	/** how its baseline job differs from the built-in one */
	baseline?: JobDifferences | undefined;
	/** where each token is counted */
	tally?: Tally | undefined;
}

/** What one token shall be like. */
export interface TokenRequest {
	/** whole id or unique last segment; default {@link DEFAULT_SCENARIO} */
	scenario?: string | undefined;
	/** `aud`, as a string or as a list */
	aud?: string | string[] | undefined;
	/** how the baseline job differs from the built-in one, instead of as the instance has it */
	baseline?: JobDifferences | undefined;
	/** settings such as `ref=main` */
	set?: readonly string[] | undefined;
	/** `job`, `token` and `instance` blocks as in a scenario file */
	blocks?: unknown;
}

/** A token and what it says. */
export interface MintedToken {
	/** compact serialization */
	token: string;
	/** the scenario's id */
	scenario: string;
	header: JoseHeader;
	claims: Claims;
}

/**
 * Makes a token.
 * @throws MockError `unknown_scenario`; `invalid_request` or `invalid_scenario` where the request does not fit
 */
export async function mintToken(
	mint: Mint,
	request: TokenRequest,
): Promise<MintedToken> {
	const situation = {
		issuer: mint.issuer,
		url: mint.url,
		version: mint.version,
		plan: mint.plan,
		now: mint.clock.now(),
		audience: request.aud ?? mint.audience,
		baseline: request.baseline ?? mint.baseline,
	};
	const { id, scenario } = await wanted(mint.catalogue, request, situation);
	const plan = compile(scenario, situation);
	const { token, header, payload } = await makeToken(plan, mint.keys);
	if (mint.tally) mint.tally[scenario.expect] += 1;
	return { token, scenario: id, header, claims: payload as Claims };
}

/** Most requests change nothing, and need not wait for the schemas of changes. */
async function wanted(
	catalogue: Catalogue,
	{ scenario: name = DEFAULT_SCENARIO, blocks, set = [] }: TokenRequest,
	situation: Issuing,
): Promise<{ id: string; scenario: Scenario }> {
	const found = catalogue.find(name);
	const { id } = found;
	const plain = set.length === 0 && isEmpty(blocks);
	if (plain && !isTemplate(found)) return { id, scenario: found };
	const { adjust } = await inTurn(() => import("./adjust.js"));
	if (!isTemplate(found)) return { id, scenario: adjust(found, blocks, set) };
	const { blocksOf } = await inTurn(() => import("./near/blocks.js"));
	const baseline = adjust(catalogue.find(DEFAULT_SCENARIO), blocks, set);
	const { payload } = compile(baseline, situation);
	const made = blocksOf(found, payload as Claims);
	return { id, scenario: adjust(baseline, made, []) };
}

const isEmpty = (blocks: unknown): boolean =>
	typeof blocks !== "object" ||
	blocks === null ||
	Object.keys(blocks).length === 0;
