// Pipelines of the shapes that people write: which jobs a situation has, and which tokens they get.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { SituationText } from "../../src/server/pipeline/situation.js";
import { rejection } from "../refusal.js";
import { claimsOf, jobsOf } from "./project.js";

/** NAME.expected.yml beside NAME.yml; the files below NAME/ are those of the project. */
interface Expected {
	/** what is included from elsewhere: a file or a folder below NAME/, by what it is a copy of */
	copies?: Record<string, string>;
	/** what they have in common */
	common?: SituationText;
	/** by a name that says it, laid over what is common */
	situations: Record<string, Situation>;
}

interface Situation {
	on?: SituationText;
	/** the jobs in their order, each with what its tokens claim, by variable */
	jobs?: Record<string, Record<string, Record<string, unknown>>>;
	/** of some jobs: by the secret's name, the ID token that it is fetched with */
	secrets?: Record<string, Record<string, string | null>>;
	/** of some jobs: what the tokens of GitLab's own making claim */
	hidden?: Record<string, Record<string, Record<string, unknown>>>;
	warnings?: string[];
	/** why there is no pipeline, at least in part */
	no_pipeline?: string;
	/** instead of jobs: what the error says */
	refused?: string;
}

const folder = fileURLToPath(new URL("pipelines/realistic/", import.meta.url));
const files = Object.fromEntries(
	readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath, entry.name))
		.map((path) => [
			relative(folder, path).replaceAll("\\", "/"),
			readFileSync(path, "utf8"),
		]),
);
const names = Object.keys(files)
	.filter((path) => path.endsWith(".expected.yml"))
	.map((path) => path.replace(".expected.yml", ""))
	.sort();

/** The checkout that they all stand in, unless they say otherwise. */
const CHECKOUT = {
	project: "acme/shop/app",
	ref: "main",
	default_branch: "main",
};

const over = (...situations: (SituationText | undefined)[]): SituationText => ({
	...Object.assign({}, ...situations),
	checkout: Object.assign(
		{},
		CHECKOUT,
		...situations.map((situation) => situation?.checkout),
	),
});

/** The files of a folder, by their paths in it. */
const below = (path: string) =>
	Object.fromEntries(
		Object.entries(files)
			.filter(([file]) => file.startsWith(`${path}/`))
			.map(([file, content]) => [file.slice(path.length + 1), content]),
	);

test("are at least thirty", () => {
	expect(names.length).toBeGreaterThanOrEqual(30);
});

describe.for(names)("%s", (name) => {
	const text = files[`${name}.yml`] as string;
	const {
		copies = {},
		common,
		situations,
	} = parse(files[`${name}.expected.yml`] as string, {
		merge: true,
	}) as Expected;
	const includes = below(name);
	const copied = Object.fromEntries(
		Object.entries(copies).map(([of, path]) => [
			of,
			includes[path] ?? below(`${name}/${path}`),
		]),
	);

	test.for(Object.entries(situations))("%s", async ([, expected]) => {
		const situation = over(common, expected.on);
		const issued = (job?: string) =>
			jobsOf(
				text,
				{ includes, copies: copied, paths: [".gitlab-ci.yml"], situation },
				job,
			);
		if (expected.refused !== undefined) {
			expect(await rejection(issued())).toMatchObject({
				message: expect.stringContaining(expected.refused),
			});
			return;
		}
		const { jobs = {}, warnings = [], no_pipeline } = expected;
		const told = await issued();
		expect(told.no_pipeline).toEqual(
			no_pipeline === undefined ? null : expect.stringContaining(no_pipeline),
		);
		expect(told.jobs.map((job) => job.name)).toEqual(Object.keys(jobs));
		expect(told.warnings).toEqual(warnings);
		for (const { name: job, secrets } of told.jobs)
			expect(secrets, job).toEqual(expected.secrets?.[job] ?? secrets);
		for (const [job, tokens] of Object.entries(jobs)) {
			const one = await issued(job);
			expect(Object.keys(one.tokens), job).toEqual(Object.keys(tokens));
			for (const [variable, claims] of Object.entries(tokens)) {
				const said = await claimsOf(one.tokens[variable]?.token as string);
				expect(said, `${job}: ${variable}`).toMatchObject(claims);
			}
			const hidden = expected.hidden?.[job] ?? {};
			expect(Object.keys(one.hidden_tokens), job).toEqual(Object.keys(hidden));
			for (const [what, claims] of Object.entries(hidden)) {
				const said = await claimsOf(one.hidden_tokens[what]?.token as string);
				expect(said, `${job}: ${what}`).toMatchObject(claims);
			}
		}
	});
});
