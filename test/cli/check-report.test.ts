// The report files of a check: where each goes, and that one which cannot be written loses none of the others.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeReports } from "../../src/cli/commands/check-report.js";
import { CAUSE, sampleResult } from "../report/sample.js";

let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "reports-"));
});
afterAll(() => rm(folder, { recursive: true }));

const result = sampleResult({ causes: [CAUSE] });

function io(env: Record<string, string> = {}) {
	let printed = "";
	const output = {
		write(text: string) {
			printed += text;
		},
	};
	const stdin = (async function* () {})();
	return {
		printed: () => printed,
		io: { stdout: output, stderr: output, stdin, env },
	};
}

test("a job's summary keeps what is there, any other file is written anew", async () => {
	const summary = join(folder, "summary.md");
	const other = join(folder, "other.md");
	await writeFile(summary, "# Build\n");
	await writeFile(other, "# Build\n");
	const wanted = [summary, other].map((file) => ({
		format: "markdown" as const,
		file,
	}));
	const { io: here } = io({ GITHUB_STEP_SUMMARY: summary });
	expect(await writeReports(result, wanted, {}, here)).toEqual([]);
	expect(await readFile(summary, "utf8")).toMatch(
		/^# Build\n## gitlab-oidc-mock/,
	);
	expect(await readFile(other, "utf8")).toMatch(/^## gitlab-oidc-mock/);
});

test("one that cannot be written loses none of the others", async () => {
	const file = join(folder, "quality.json");
	const { io: here, printed } = io();
	const faults = await writeReports(
		result,
		[
			{ format: "junit", file: join(folder, "missing/report.xml") },
			{ format: "codequality", file },
		],
		{ profile: "rp.yaml" },
		here,
	);
	expect(faults).toEqual([expect.stringContaining("cannot write it")]);
	expect(JSON.parse(await readFile(file, "utf8"))).toEqual([
		expect.objectContaining({
			check_name: "alg-none",
			severity: "blocker",
			location: { path: "rp.yaml", lines: { begin: 1 } },
		}),
	]);
	expect(printed()).toContain(" 1. alg: none is taken.");
});
