// A service whose own settings let every project in: the hole that takes no forged token.
import { linkTo } from "./finding.js";
import { excludes, letsEverythingIn } from "./policy/judge.js";
import type { Policy } from "./policy/schema.js";
import type { CheckFinding, ScenarioResult } from "./result.js";
import type { Service } from "./service.js";
import { failsRun, type Severity, type Weight } from "./severity.js";

/** The scenario whose job is of another group's project. */
const STRANGER = "project/other-project";
const ID = "policy:every-project";
const WEIGHT: Weight = { level: "must", impact: "escalation", only_if: null };

/** Whether a finding is that one. */
export const isEveryProject = (id: string): boolean => id === ID;

/** The scenario or probe that shows whether there is such a finding: for most their own. */
export const seenBy = (id: string): string =>
	isEveryProject(id) ? STRANGER : id;

/** The finding that settings which were read let in every project, and that another project's job got in. */
export function everyProject(
	service: Service | undefined,
	policy: Policy,
	scenarios: readonly Pick<ScenarioResult, "id" | "outcome">[],
	severity: Severity,
): CheckFinding | undefined {
	const { name, settings } = service ?? {};
	const stranger = scenarios.find(({ id }) => id === STRANGER);
	if (settings === undefined || stranger?.outcome !== "accepted") return;
	if (!letsEverythingIn(policy)) return;
	const butThese = excludes(policy) ? ", but for what it excludes by name" : "";
	return {
		...WEIGHT,
		id: ID,
		kind: "dangerous",
		fails: failsRun("dangerous", WEIGHT, severity),
		title: `${capital(settings)} accepts every project of this GitLab${butThese}`,
		rule: "policy",
		expected: "rejected: a job of another group's project",
		actual: `accepted; ${settings} requires no claim that tells projects apart${butThese}`,
		why: `Every job of every project on this GitLab gets tokens with the same issuer and, if it asks, the same audience. Unless ${settings} binds a project, ${name} cannot tell them apart.`,
		gain: "Whoever can start a job on this GitLab, in any project, gets in.",
		remedy:
			"Bind the project: project_id, which stays when a project is renamed, or project_path; and ref_protected or environment_protected where not every branch may.",
		spec: ["RFC 8725 §3.12"],
		seen: [],
		reproduce: null,
		token: null,
		link: linkTo(STRANGER),
	};
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
