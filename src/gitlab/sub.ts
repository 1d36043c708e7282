// The `sub` claim, made of the components that a project has chosen.
import { MockError, notApplicable } from "../errors.js";
import { type Arriving, arrivals, has } from "./history.js";

export const SUB_COMPONENTS = [
	"project_path",
	"project_id",
	"ref_type",
	"ref",
	"ref_protected",
	"environment_protected",
	"deployment_tier",
	"job_project_path",
	"job_project_id",
	"source_project_path",
	"source_project_id",
] as const;

export type SubComponent = (typeof SUB_COMPONENTS)[number];

// What brought a component; the others are as old as the claim.
const CAME_WITH: Partial<Record<SubComponent, Arriving>> = {
	ref_protected: "protection_in_sub",
	environment_protected: "protection_in_sub",
	deployment_tier: "protection_in_sub",
	project_id: "project_id_in_sub",
	job_project_path: "source_project",
	job_project_id: "source_project",
	source_project_path: "source_project",
	source_project_id: "source_project",
};

const FIRST = /^((job|source)_)?project_(path|id)$/;

export const DEFAULT_SUB_COMPONENTS: SubComponent[] = [
	"project_path",
	"ref_type",
	"ref",
];

/**
 * Joins `name:value` pairs as GitLab does; a component without a value is left out.
 * @param components the project's `ci_id_token_sub_claim_components`, in its order
 * @param version the GitLab that checks them
 * @throws MockError `invalid_scenario` where GitLab refuses the setting, `not_applicable` where this version does
 */
export function subOf(
	components: readonly SubComponent[],
	values: Readonly<Partial<Record<SubComponent, string>>>,
	version: string,
): string {
	const refuse = (why: string): never => {
		throw new MockError("invalid_scenario", `sub_components: ${why}`);
	};
	if (
		!has(version, "sub_components") &&
		components.join() !== DEFAULT_SUB_COMPONENTS.join()
	) {
		throw notApplicable(
			`sub_components: GitLab ${version} has no such setting, which came in ${arrivals.sub_components.since}`,
		);
	}
	const [first, ...rest] = components;
	if (rest.includes("project_id")) refuse("project_id must come first");
	if (new Set(components).size < components.length) {
		refuse("a component may be there only once");
	}
	if (!FIRST.test(String(first))) {
		refuse(
			`a project must come first: project_path, project_id (from ${arrivals.project_id_in_sub.since}), or one of job_project_* and source_project_* (from ${arrivals.source_project.since}), not ${first}`,
		);
	}
	const pairs: string[] = [];
	for (const component of components) {
		const came = CAME_WITH[component];
		if (came && !has(version, came)) {
			throw notApplicable(
				`sub_components: GitLab ${version} does not know ${component}, which came in ${arrivals[came].since}`,
			);
		}
		const value = values[component];
		if (value !== undefined) pairs.push(component, value);
	}
	return pairs.join(":");
}
