// The near misses of what a policy binds: for each way of being sloppy and each claim, one token that it takes and the policy does not.
import { claimAt, topClaim } from "../../scenario/claim-path.js";
import { formatNearId } from "../../scenario/near/id.js";
import {
	type Miss,
	missesOf,
	type Origin,
	originOf,
} from "../../scenario/near/miss.js";
import { isTemplate, type Template } from "../../scenario/near/template.js";
import type { Adjustment, Scenario } from "../../scenario/schema.js";
import {
	checkAudience,
	checkGitLabClaims,
	show,
} from "../../token/check-claims.js";
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
	/** the scenario to mint: its own id, so that the token can be made again by its name alone */
	base: string;
	/** none beside */
	wishes: Adjustment;
}

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
	const { claims } = honest;
	return files.filter(isTemplate).flatMap((file) =>
		bound.flatMap(({ path, named }) => {
			const own = wantedOf(path, claims, bindings);
			const others = named.filter((text) => text !== own);
			for (const wanted of [own, ...others.slice(0, MOST_WANTED)]) {
				const { way } = file.near;
				const chosen = choose(missesOf(way, path, wanted, claims), bindings);
				if (chosen === undefined) continue;
				const id = formatNearId({
					file: file.id,
					claim: path,
					index: chosen.miss.index,
					wanted: wanted === own ? undefined : (wanted as string),
				});
				const origin = originOf(chosen.miss, path, claims);
				const from = { file, id, path, wanted, ...chosen, ...origin };
				return [{ scenario: scenarioOf(from), base: id, wishes: {} }];
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

/** A near miss, and what speaks against it: what the policy binds, or that GitLab has no list there. */
interface Chosen {
	miss: Miss;
	refusedBy: "policy" | "types";
}

/**
 * The first one that the policy refuses for this claim alone. Where it says nothing of lists one entry that fits
 * is enough for it, but not for a claim that is a text in every token of GitLab.
 */
function choose(
	misses: readonly Miss[],
	bindings: Bindings,
): Chosen | undefined {
	const refused = misses.find(({ claims }) => !admits(claims, bindings));
	if (refused) return { miss: refused, refusedBy: "policy" };
	const odd = misses.find(
		({ value, claims }) => Array.isArray(value) && hasOddTypes(claims),
	);
	return odd && { miss: odd, refusedBy: "types" };
}

function admits(
	claims: ShownToken["claims"],
	{ policy, issuer, audience }: Bindings,
): boolean {
	let admitted =
		claims.iss === issuer && judgePolicy(claims, policy).length === 0;
	checkAudience(claims.aud, audience, () => {
		admitted = false;
	});
	return admitted;
}

/** Whether a claim is not of GitLab's type. That sub agrees with the others is the business of the job. */
function hasOddTypes({ sub, ...claims }: ShownToken["claims"]): boolean {
	let isOdd = false;
	const isText = typeof sub === "string" && sub !== "";
	checkGitLabClaims({ ...claims, sub: isText ? "project_id:0" : sub }, () => {
		isOdd = true;
	});
	return isOdd;
}

interface Found extends Chosen, Origin {
	file: Scenario & Template;
	id: string;
	path: string;
	wanted: unknown;
}

function scenarioOf(found: Found): Scenario {
	const { file, id, path, wanted, miss, refusedBy, isGenuine, blocks } = found;
	const { near: _near, only_if: _only_if, ...text } = file;
	const claim = topClaim(path);
	const isPolicy = isGenuine && claim !== "aud";
	const origin = isGenuine
		? "GitLab issues such tokens."
		: "No GitLab issues such a token: only its key could sign it.";
	return {
		...text,
		...blocks,
		...harmOf(found, claim),
		id,
		title: `${path}: ${file.title}`,
		expect: isPolicy ? "policy" : "reject",
		...(!isPolicy && { rule: RULE_OF[claim] ?? "claims" }),
		// A policy that takes it demands no more of the type than GitLab's page says.
		level: refusedBy === "policy" ? "must" : "may",
		why: `${file.why.trim()}\nWanted is ${path} ${show(wanted)}, and here it is ${show(miss.value)}. ${origin}`,
	};
}

const RULE_OF: Readonly<Record<string, Rule>> = {
	iss: "issuer",
	aud: "audience",
};

const IS_PATH = /_path$|^iss$/; // of which no two differ in capitals alone

/** What it costs to take this near miss. */
function harmOf(
	{ file, isGenuine, miss: { value } }: Found,
	claim: string,
): Pick<Scenario, "impact" | "only_if"> {
	if (isGenuine) return { impact: claim === "aud" ? "replay" : "escalation" };
	if (file.near.way === "letter-case" && IS_PATH.test(claim))
		return { impact: "hygiene", only_if: "gitlab-errs" };
	// Whoever runs an issuer of such a name signs with a key of their own.
	if (claim === "iss" && isName(value)) return { impact: "forgery" };
	return {
		impact: claim === "aud" ? "replay" : "escalation",
		only_if: "gitlab-errs",
	};
}

const isName = (value: unknown) =>
	value !== "" && [value].flat().every((text) => typeof text === "string");
