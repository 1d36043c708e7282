// What a finding means for whoever owns the relying party, and what to do: from its cause, never from a rule that does not fit.
import { familyText } from "../scenario/families.js";
import type { Scenario } from "../scenario/schema.js";
import { IMPACT_WORDS } from "../scenario/severity.js";
import type { Expected } from "./expectation.js";
import type { FindingKind } from "./kinds.js";
import type { Weight } from "./severity.js";

const STALE = "The list of known failures says less than it seems to.";

/** What an attacker gains, or a user loses. */
export function gainOf(
	kind: FindingKind,
	{ impact, only_if }: Weight,
	{ gain, instance }: Pick<Scenario, "gain" | "instance"> = {},
): string {
	const { lost } = IMPACT_WORDS[impact];
	switch (kind) {
		case "dangerous":
		case "service":
			return only_if === null
				? (gain ?? lost)
				: `${gain ?? lost} It takes an error of GitLab itself.`;
		case "note":
			return only_if === null
				? lost
				: "Nothing, unless GitLab itself errs. The specifications leave it open.";
		case "broken":
			return instance?.faults
				? "While GitLab answers like this, the service fails or hangs."
				: "Whoever sends such a token makes the service fail, or learns that it can.";
		case "too-strict":
			return impact === "hygiene"
				? "Nothing today: GitLab makes no such token."
				: lost;
		case "stale":
			return STALE;
		case "unproven":
			return "Nothing is known about what was not asked.";
	}
}

const BY_POLICY =
	"Check what the policy says of the token's claims before you let it in.";

/** What the owner does about it; empty where nothing has to be done. */
export function remedyOf(
	kind: FindingKind,
	{ id, expect }: Pick<Scenario, "id" | "expect">,
	rule: Expected["rule"],
): string {
	if (kind === "too-strict" || kind === "note" || kind === "service") return "";
	// The family speaks of why such a token is to be taken.
	if (rule === "policy" && expect === "accept") return BY_POLICY;
	return familyText(id)?.remedy ?? "";
}
