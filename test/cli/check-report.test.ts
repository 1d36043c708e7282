// The report files of a check: where each goes, and that one which cannot be written loses none of the others.
import {
	chmod,
	mkdtemp,
	readFile,
	rm,
	stat,
	writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
	checkedReports,
	checkPlaces,
	writeReports,
} from "../../src/cli/commands/check-report.js";
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

test.skipIf(process.platform === "win32")(
	"files with whole tokens are their owner's alone, also where there was one before",
	async () => {
		const modes = async (showTokens: boolean) => {
			const files = ["new.html", "old.html"].map((name) =>
				join(folder, `${showTokens}-${name}`),
			);
			const [, old = ""] = files;
			await writeFile(old, "");
			await chmod(old, 0o644);
			const wanted = files.map((file) => ({ format: "html" as const, file }));
			expect(
				await writeReports(result, wanted, { showTokens }, io().io),
			).toEqual([]);
			return Promise.all(
				files.map(async (file) => (await stat(file)).mode & 0o077),
			);
		};
		expect(await modes(true)).toEqual([0, 0]);
		expect(await modes(false)).toEqual([
			0o666 & ~process.umask() & 0o077,
			0o44,
		]);
	},
);

test("SARIF names files as they stand below the working folder", async () => {
	const file = join(folder, "check.sarif");
	const wanted = [{ format: "sarif" as const, file }];
	const uris = async (options: { profile: string; sarifFile?: string }) => {
		await writeReports(result, wanted, options, io().io);
		const { runs } = JSON.parse(await readFile(file, "utf8"));
		return runs[0].artifacts.map(
			(one: { location: { uri: string } }) => one.location.uri,
		);
	};
	expect(await uris({ profile: resolve("ci/my rp.yaml") })).toEqual([
		"ci/my%20rp.yaml",
	]);
	expect(
		await uris({ profile: "rp.yaml", sarifFile: "src/./auth.ts" }),
	).toEqual(["src/auth.ts"]);
	expect(await uris({ profile: "../rp.yaml" })).toEqual([
		pathToFileURL(resolve("../rp.yaml")).href,
	]);
});

test("--sarif-file is a file, of a SARIF report", async () => {
	const here = fileURLToPath(import.meta.url);
	const sarif = checkedReports([`sarif=${join(folder, "places.sarif")}`]);
	await checkPlaces(sarif, here);
	await expect(checkPlaces(sarif, `${here}.missing`)).rejects.toMatchObject({
		code: "file",
		message: expect.stringContaining("--sarif-file: "),
	});
	await expect(checkPlaces([], here)).rejects.toMatchObject({
		code: "invalid_option",
		message: expect.stringContaining("write --report sarif=FILE as well"),
	});
});
