// What a finding means for whoever owns the relying party, and what to do: from its cause, never from a rule that does not fit.
import { familyText } from "../scenario/families.js";
import type { Scenario } from "../scenario/schema.js";
import { IMPACT_WORDS } from "../scenario/severity.js";
import type { Expected } from "./expectation.js";
import type { FindingKind } from "./kinds.js";
import type { Weight } from "./severity.js";

const STALE = "A new failure of this check would not be noticed.";

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
				: `${gain ?? lost} This needs a mistake of GitLab itself.`;
		case "note":
			return only_if === null
				? lost
				: "Nothing, unless GitLab itself makes a mistake. The specifications leave it open.";
		case "broken":
			return instance?.faults
				? "While GitLab answers like this, the service fails or hangs."
				: "Anyone who sends such a token makes the service fail.";
		case "too-strict":
			return impact === "hygiene"
				? "Nothing today: GitLab issues no such token."
				: lost;
		case "stale":
			return STALE;
		case "unproven":
			return "It is not known which wrong tokens the relying party accepts.";
	}
}

const BY_POLICY =
	"Compare the token's claims with your policy before you accept it.";

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
