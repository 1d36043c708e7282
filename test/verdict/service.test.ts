// What a service lets in whatever its user configures, and what is its user's all the same.
import { describe, expect, test } from "vitest";
import { everyProject } from "../../src/verdict/every-project.js";
import type { Policy } from "../../src/verdict/policy/schema.js";
import { kindGiven, type Service } from "../../src/verdict/service.js";

const service: Service = {
	name: "Vault",
	ways: ["claims/sub-missing", "probe/unknown-kid-flood"],
	settings: "the role deploy",
};

describe("a finding", () => {
	const id = "claims/sub-missing";
	const breaks = ["claims"];
	test("of a way is the service's, as a note is", () => {
		expect(kindGiven(service, "dangerous", { id, breaks })).toBe("service");
		expect(kindGiven(service, "note", { id, breaks })).toBe("service");
	});
	test("is the user's where their policy refuses the token as well", () => {
		const both = [...breaks, "claim:sub"];
		expect(kindGiven(service, "dangerous", { id, breaks: both })).toBe(
			"dangerous",
		);
	});
	test("of anything else, or without a service, is what it was", () => {
		const other = { id: "algorithm/alg-none", breaks: ["algorithm"] };
		expect(kindGiven(service, "dangerous", other)).toBe("dangerous");
		expect(kindGiven(undefined, "dangerous", { id, breaks })).toBe("dangerous");
	});
	test("of a crash or a refusal is never a way", () => {
		expect(kindGiven(service, "broken", { id, breaks })).toBe("broken");
		expect(kindGiven(service, "too-strict", { id, breaks })).toBe("too-strict");
	});
});

describe("settings that bind nothing", () => {
	const letIn = [{ id: "project/other-project", outcome: "accepted" as const }];
	test("are a finding where another project's job got in", () => {
		const found = everyProject(service, {}, letIn, {});
		expect(found).toMatchObject({
			...{ kind: "dangerous", impact: "escalation", fails: true },
			title: "The role deploy accepts every project of this GitLab",
		});
	});
	test.for([
		["a policy that binds a project", { claims: { project_id: "1" } }, letIn],
		["a job that was refused", {}, [{ ...letIn[0], outcome: "rejected" }]],
		["a job that was not asked", {}, []],
	] as const)("are none with %s", ([, policy, asked]) => {
		expect(everyProject(service, policy, asked as never, {})).toBeUndefined();
	});
	test("that only exclude are told as such", () => {
		const policy: Policy = {
			claims: { sub: { not: { like: "project_path:evil/*" } } },
		};
		expect(everyProject(service, policy, letIn, {})?.title).toContain(
			"but for what it excludes by name",
		);
	});
	test.for(["*1", "*3", "*6"])(
		"that take some projects' ids (%s) are none",
		(glob) => {
			const policy: Policy = { claims: { project_id: { glob } } };
			expect(everyProject(service, policy, letIn, {})).toBeUndefined();
		},
	);
	test("are none where they were not read", () => {
		const unread = { ...service, settings: undefined };
		expect(everyProject(unread, {}, letIn, {})).toBeUndefined();
		expect(everyProject(undefined, {}, letIn, {})).toBeUndefined();
	});
});
