// The near misses of what a policy binds: for each way of being sloppy and each claim, one token that it takes and the policy does not.
import { claimAt, topClaim } from "../../scenario/claim-path.js";
import { formatNearId } from "../../scenario/near/id.js";
import { type Miss, missesOf } from "../../scenario/near/miss.js";
import { isTemplate } from "../../scenario/near/template.js";
import type { WayName } from "../../scenario/near/ways.js";
import type { Adjustment, Scenario } from "../../scenario/schema.js";
import { checkAudience, otherKind, show } from "../../token/check-claims.js";
import type { Rule } from "../../token/rules.js";
import type { ShownToken } from "../answer.js";
import { judgePolicy } from "../policy/judge.js";
import type { Policy } from "../policy/schema.js";
import { boundClaims } from "./bound.js";

/** What the relying party demands. */
export interface Bindings {
	policy: Policy;
	issuer: string;
	audience: string;
}

/** A token that only a sloppy comparison lets in. */
export interface NearMiss {
	/** as if it came from a file, with an id of its own, such as `near/prefix:project_path` */
	scenario: Scenario;
	/** the scenario to mint, with the wishes */
	base: string;
	wishes: Adjustment;
}

const BASE = "valid/baseline";
const MOST_WANTED = 5; // values of one claim that are tried, for ways that need a dot or a k

/**
 * The near misses of `policy`, at most one for each way and claim.
 * @param files the catalogue; what is no way of being sloppy is passed over
 * @param honest the token of the job that the policy lets in
 */
export function nearMisses(
	files: readonly Scenario[],
	honest: Pick<ShownToken, "claims">,
	bindings: Bindings,
): NearMiss[] {
	const bound = boundClaims(bindings.policy);
	return files.filter(isTemplate).flatMap((file) =>
		bound.flatMap(({ path, named }) => {
			const own = wantedOf(path, honest.claims, bindings);
			const others = named.filter((text) => text !== own);
			for (const wanted of [own, ...others.slice(0, MOST_WANTED)]) {
				const { way } = file.near;
				const miss = chosen(way, path, wanted, honest.claims, bindings);
				if (miss === undefined) continue;
				const id = formatNearId({
					file: file.id,
					claim: path,
					index: miss.index,
					wanted: wanted === own ? undefined : (wanted as string),
				});
				const scenario = scenarioOf(file, id, path, wanted, miss);
				return [{ scenario, base: BASE, wishes: miss.blocks }];
			}
			return [];
		}),
	);
}

const wantedOf = (
	path: string,
	claims: ShownToken["claims"],
	{ issuer, audience }: Bindings,
): unknown =>
	path === "iss" ? issuer : path === "aud" ? audience : claimAt(claims, path);

/** The first value that is refused for this claim alone; one that GitLab issues rather than another. */
function chosen(
	way: WayName,
	path: string,
	wanted: unknown,
	honest: ShownToken["claims"],
	bindings: Bindings,
): Miss | undefined {
	const refused = missesOf(way, path, wanted, honest).filter(
		({ claims }) => !admits(claims, bindings),
	);
	return refused.find(({ isGenuine }) => isGenuine) ?? refused[0];
}

function admits(
	claims: ShownToken["claims"],
	{ policy, issuer, audience }: Bindings,
): boolean {
	let admitted =
		claims.iss === issuer &&
		otherKind(claims) === undefined &&
		judgePolicy(claims, policy).length === 0;
	checkAudience(claims.aud, audience, () => {
		admitted = false;
	});
	return admitted;
}

function scenarioOf(
	{ near: _, ...file }: Scenario,
	id: string,
	path: string,
	wanted: unknown,
	{ value, isGenuine, blocks }: Miss,
): Scenario {
	const claim = topClaim(path);
	const isPolicy = isGenuine && claim !== "aud";
	const origin = isGenuine
		? "GitLab issues such tokens."
		: "No GitLab issues such a token: only its key could sign it.";
	return {
		...file,
		...blocks,
		id,
		title: `${path}: ${file.title}`,
		expect: isPolicy ? "policy" : "reject",
		...(!isPolicy && { rule: RULE_OF[claim] ?? "claims" }),
		level: "must",
		why: `${file.why.trim()}\nWanted is ${path} ${show(wanted)}, and here it is ${show(value)}. ${origin}`,
	};
}

const RULE_OF: Readonly<Record<string, Rule>> = {
	iss: "issuer",
	aud: "audience",
};
