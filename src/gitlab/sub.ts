// The `sub` claim, made of the components that a project has chosen.
import { MockError, notApplicable } from "../errors.js";
import { atLeast } from "./version.js";

export const SUB_COMPONENTS = [
	"project_path",
	"project_id",
	"ref_type",
	"ref",
	"ref_protected",
	"environment_protected",
	"deployment_tier",
] as const;

export type SubComponent = (typeof SUB_COMPONENTS)[number];

// The first version in which a component may be used.
const SINCE: Record<SubComponent, string> = {
	project_path: "14.7",
	ref_type: "14.7",
	ref: "14.7",
	ref_protected: "18.7",
	environment_protected: "18.7",
	deployment_tier: "18.7",
	project_id: "19.0",
};

export const DEFAULT_SUB_COMPONENTS: SubComponent[] = [
	"project_path",
	"ref_type",
	"ref",
];

const SETTING_SINCE = "17.10"; // before it every project has the default

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
		!atLeast(version, SETTING_SINCE) &&
		components.join() !== DEFAULT_SUB_COMPONENTS.join()
	) {
		throw notApplicable(
			`sub_components: GitLab ${version} has no such setting, which came in ${SETTING_SINCE}`,
		);
	}
	const [first, ...rest] = components;
	if (rest.includes("project_id")) refuse("project_id must come first");
	if (new Set(components).size < components.length) {
		refuse("a component may be there only once");
	}
	if (first !== "project_path" && first !== "project_id") {
		refuse(
			`project_path must come first (or project_id, from 19.0), not ${first}`,
		);
	}
	const pairs: string[] = [];
	for (const component of components) {
		if (!atLeast(version, SINCE[component])) {
			throw notApplicable(
				`sub_components: GitLab ${version} does not know ${component}, which came in ${SINCE[component]}`,
			);
		}
		const value = values[component];
		if (value !== undefined) pairs.push(component, value);
	}
	return pairs.join(":");
}
