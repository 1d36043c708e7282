// The sub claim: the components that a project chose, as far as its GitLab allows them.
import { describe, expect, test } from "vitest";
import {
	DEFAULT_SUB_COMPONENTS,
	type SubComponent,
	subOf,
} from "../../src/gitlab/sub.js";
import { refusal } from "../refusal.js";
import { claims, ENVIRONMENT } from "./job.js";

const VALUES = {
	project_path: "group/project",
	project_id: "22",
	ref_type: "branch",
	ref: "main",
	ref_protected: "true",
	environment_protected: "false",
	deployment_tier: "production",
	job_project_path: "parent/project",
	job_project_id: "77",
	source_project_path: "group/project",
	source_project_id: "22",
};

const split = (components: string) => components.split(" ") as SubComponent[];

describe("components", () => {
	test.for([
		["project_path", "17.10", "project_path:group/project"],
		[
			"project_path ref ref_type",
			"17.10",
			"project_path:group/project:ref:main:ref_type:branch",
		],
		[
			"project_path ref_protected",
			"18.7",
			"project_path:group/project:ref_protected:true",
		],
		[
			"project_path environment_protected deployment_tier",
			"18.7",
			"project_path:group/project:environment_protected:false:deployment_tier:production",
		],
		["project_id ref", "19.0", "project_id:22:ref:main"],
		[
			"job_project_path ref",
			"19.5",
			"job_project_path:parent/project:ref:main",
		],
		["job_project_id ref", "19.5", "job_project_id:77:ref:main"],
		["source_project_id ref", "19.5", "source_project_id:22:ref:main"],
		[
			"project_path source_project_path",
			"19.5",
			"project_path:group/project:source_project_path:group/project",
		],
	] as const)("%s in %s", ([components, version, sub]) => {
		expect(subOf(split(components), VALUES, version)).toBe(sub);
	});

	test("without a value are left out", () => {
		const components = split("project_path deployment_tier ref");
		expect(subOf(components, VALUES, "18.7")).toBe(
			"project_path:group/project:deployment_tier:production:ref:main",
		);
		const { deployment_tier, ...rest } = VALUES;
		expect(subOf(components, rest, "18.7")).toBe(
			"project_path:group/project:ref:main",
		);
	});
});

describe("refused settings", () => {
	test.for([
		[
			"project_path ref_protected",
			"18.6",
			"GitLab 18.6 does not know ref_protected, which came in 18.7",
		],
		[
			"project_path environment_protected",
			"18.6.99",
			"GitLab 18.6.99 does not know environment_protected, which came in 18.7",
		],
		[
			"project_path deployment_tier",
			"17.10",
			"GitLab 17.10 does not know deployment_tier, which came in 18.7",
		],
		[
			"project_id ref",
			"18.11",
			"GitLab 18.11 does not know project_id, which came in 19.0",
		],
		[
			"ref project_path",
			"19.5",
			"a project must come first: project_path, project_id (from 19.0), or one of job_project_* and source_project_* (from 19.5), not ref",
		],
		[
			"job_project_path ref",
			"19.4",
			"GitLab 19.4 does not know job_project_path, which came in 19.5",
		],
		[
			"project_path source_project_id",
			"19.4",
			"GitLab 19.4 does not know source_project_id, which came in 19.5",
		],
		[
			"project_path",
			"17.9",
			"GitLab 17.9 has no such setting, which came in 17.10",
		],
	] as const)("%s in %s", ([components, version, why]) => {
		expect(refusal(() => subOf(split(components), VALUES, version))).toEqual({
			code: why.includes("which came in")
				? "not_applicable"
				: "invalid_scenario",
			message: `sub_components: ${why}`,
		});
	});

	test("the default is none, in any version", () => {
		const sub = subOf(DEFAULT_SUB_COMPONENTS, VALUES, "14.7");
		expect(sub).toBe("project_path:group/project:ref_type:branch:ref:main");
	});
});

describe("in a token", () => {
	const sub_components = split(
		"project_path environment_protected deployment_tier ref_protected",
	);

	test("take the values of the other claims", () => {
		expect(claims({ sub_components, environment: ENVIRONMENT }).sub).toBe(
			"project_path:group/sub/project:environment_protected:true:deployment_tier:production:ref_protected:true",
		);
		expect(
			claims({ sub_components, environment: ENVIRONMENT }, { plan: "free" })
				.sub,
		).toContain(":environment_protected:false:");
	});

	test("have none of an environment that is not there", () => {
		expect(claims({ sub_components }).sub).toBe(
			"project_path:group/sub/project:ref_protected:true",
		);
	});
});
