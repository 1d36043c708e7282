// Pipelines of the shapes that GitLab documents, each with the tokens that its jobs get.
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { SituationText } from "../../src/server/pipeline/situation.js";
import { claimsOf, jobsOf, NOW } from "./project.js";

interface Expected {
	situation?: SituationText;
	jobs: Record<
		string,
		{
			/** claims by variable; `lifetime` is exp less iat */
			tokens?: Record<string, Record<string, unknown>>;
			secrets?: Record<string, string>;
		}
	>;
	warnings?: string[];
}

const folder = new URL("pipelines/", import.meta.url);
const files = Object.fromEntries(
	readdirSync(folder, { recursive: true, encoding: "utf8" })
		.filter((path) => /\.yml$/.test(path))
		.map((path) => [
			path.replaceAll("\\", "/"),
			readFileSync(new URL(path.replaceAll("\\", "/"), folder), "utf8"),
		]),
);
const names = Object.keys(files)
	.filter((path) => path.endsWith(".expected.yml"))
	.filter((path) => !path.startsWith("realistic/")) // see realistic.test.ts
	.map((path) => path.replace(".expected.yml", ""))
	.sort();

test("are at least ten", () => {
	expect(names.length).toBeGreaterThanOrEqual(10);
});

describe.for(names)("%s", (name) => {
	const path = `${name}.yml`;
	const text = files[path] as string;
	const expected = parse(files[`${name}.expected.yml`] as string, {
		merge: true,
	}) as Expected;
	const around = { path, includes: files, situation: expected.situation ?? {} };

	test("has these jobs, and no other", async () => {
		const { jobs, tokens, warnings } = await jobsOf(text, around);
		expect(jobs.map((job) => job.name)).toEqual(Object.keys(expected.jobs));
		expect(tokens).toEqual({});
		expect(warnings).toEqual(expected.warnings ?? []);
		for (const job of jobs) {
			const { secrets = {} } = expected.jobs[job.name] ?? {};
			expect(job.secrets).toEqual(secrets);
		}
	});

	test.for(Object.keys(expected.jobs))("%s gets these tokens", async (job) => {
		const issued = await jobsOf(text, around, job);
		const { tokens = {} } = expected.jobs[job] ?? {};
		expect(Object.keys(issued.tokens)).toEqual(Object.keys(tokens));
		for (const [variable, wanted] of Object.entries(tokens)) {
			const { lifetime = 3600, ...claims } = wanted;
			const said = await claimsOf(issued.tokens[variable]?.token as string);
			expect(said).toMatchObject(claims);
			expect(said.exp).toBe(NOW + Number(lifetime));
			if (!("environment_action" in claims) && !("environment" in claims))
				expect(Object.keys(said)).not.toContain("environment");
		}
	});
});
