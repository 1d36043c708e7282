// What the README and the pages of docs show is what there is: pipelines, scripts, links; test/interop/docs.test.ts runs their commands.

import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, posix } from "node:path";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { checkedProfile } from "../../src/check/profile.js";
import { readPipeline } from "../../src/ci-config/pipeline.js";
import { LATEST_VERSION } from "../../src/gitlab/version.js";
import { startGitLab } from "../../src/index.js";
import { readScenario } from "../../src/scenario/read.js";
import { configSchema } from "../../src/server/instance/config.js";
import { command } from "../cli/command.js";

const at = (path: string) => new URL(`../../${path}`, import.meta.url);
const pages = new Map(
	[
		...["README.md", "CONTRIBUTING.md", "SECURITY.md"],
		...readdirSync(at("docs"), { recursive: true, encoding: "utf8" })
			.filter((name) => name.endsWith(".md"))
			.map((name) => `docs/${name}`),
	].map((page) => [page, readFileSync(at(page), "utf8")]),
);
const everything = [...pages.values()].join("\n");
const manifest = JSON.parse(readFileSync(at("package.json"), "utf8"));

test("shows each pipeline as its file has it", () => {
	const shown = [...everything.matchAll(/^```yaml\n(.*?)^```$/gms)].map(
		([, text]) => text,
	);
	const files = [
		"gitlab-ci.yml",
		"check.gitlab-ci.yml",
		"check.github-actions.yml",
	];
	for (const file of files)
		expect(shown).toContain(readFileSync(at(`examples/${file}`), "utf8"));
});

/** What a block of YAML is, by its first words, and how that is read. */
const KINDS: readonly [RegExp, (text: string) => unknown][] = [
	[/^# rp\.yaml(?!, for: .*--vault)/, (text) => checkedProfile(parse(text))],
	[
		/^# rp\.yaml, for: .*--vault/, // the preset says the rest
		(text) => checkedProfile({ ...parse(text), target: { command: "true" } }),
	],
	[
		/^# mine\/(.+)\.yaml\n/,
		(text) => {
			const [, id = ""] = /^# mine\/(.+)\.yaml\n/.exec(text) ?? [];
			const read = readScenario(id, "a.yaml", text);
			if (Array.isArray(read)) throw new Error(JSON.stringify(read));
		},
	],
	[
		/^# yaml-language-server: /, // CONTRIBUTING's, of which contributing.test.ts makes a token
		(text) => expect(readScenario("a/b", "a.yaml", text)).toHaveProperty("id"),
	],
	[/^instances:/, (text) => configSchema.parse(parse(text))],
	[/^(# .*\n)?name: .*\non:/, (text) => parse(text)], // GitHub's
	[/^steps:/, withInputsOfAction],
	[
		/^(# .*\n)?[a-z-]+:\n/,
		(text) =>
			readPipeline(".gitlab-ci.yml", text, {
				files: { read: async () => undefined, list: async () => [] },
				version: LATEST_VERSION,
			}),
	],
];

/** A step that uses the action gives it inputs that it has. */
function withInputsOfAction(text: string): void {
	const folder = "examples/actions/check";
	const { inputs } = parse(readFileSync(at(`${folder}/action.yml`), "utf8"));
	const steps: { uses?: string; with?: object }[] = parse(text).steps;
	const ours = steps.filter(({ uses }) => uses?.includes(`/${folder}@`));
	expect(ours).toHaveLength(1);
	for (const step of ours)
		expect(Object.keys(inputs)).toEqual(
			expect.arrayContaining(Object.keys(step.with ?? {})),
		);
}

test.for(
	[...pages].flatMap(([page, text]) =>
		[...text.matchAll(/^```yaml\n(.*?)^```$/gms)].map(
			([, block = ""]) => [page, block.split("\n", 1)[0], block] as const,
		),
	),
)("%s: %s is read", async ([, , block]) => {
	const kind = KINDS.find(([first]) => first.test(block));
	expect(kind, block).toBeDefined();
	await kind?.[1](block);
});

test("names scripts that there are", () => {
	const named = [...everything.matchAll(/npm run ([a-z:-]+)/g)].map(
		([, name]) => name as string,
	);
	expect(named.length).toBeGreaterThan(2);
	expect(named.filter((name) => !(name in manifest.scripts))).toEqual([]);
});

test("is short, and lists every page", () => {
	const readme = pages.get("README.md") ?? "";
	expect(readme.split("\n").length).toBeLessThan(150);
	for (const page of pages.keys())
		if (page !== "README.md" && !page.startsWith("docs/decisions/"))
			expect(readme).toContain(`](${page})`);
});

test("tells each decision in ten lines or fewer, and lists it", () => {
	const decisions = [...pages].filter(([page]) =>
		page.startsWith("docs/decisions/"),
	);
	expect(decisions.length).toBeGreaterThan(5);
	for (const [page, text] of decisions) {
		expect([page, text.trimEnd().split("\n").length]).toEqual([
			page,
			expect.toSatisfy((lines: number) => lines <= 10),
		]);
		expect(pages.get("docs/architecture.md")).toContain(
			`](${page.replace("docs/", "")})`,
		);
	}
});

/** As forges make it of a heading. */
const anchorOf = (heading: string) =>
	heading
		.toLowerCase()
		.replace(/[^\w\s-]/g, "")
		.trim()
		.replace(/\s/g, "-");

test("links to files and headings that there are", () => {
	const wrong: string[] = [];
	let links = 0;
	for (const [page, text] of pages)
		for (const [, path = "", anchor] of text.matchAll(
			/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g,
		)) {
			links += 1;
			const target = path === "" ? page : posix.join(posix.dirname(page), path);
			const anchors = (anchor === undefined ? [] : linesOf(target)).map(
				(line) => anchorOf(line.replace(/^#+ /, "")),
			);
			if (
				!existsSync(at(target)) ||
				(anchor !== undefined && !anchors.includes(anchor))
			)
				wrong.push(`${page}: ${path}#${anchor}`);
		}
	expect(links).toBeGreaterThan(30);
	expect(wrong).toEqual([]);
});

const linesOf = (page: string) =>
	readFileSync(at(page), "utf8")
		.split("\n")
		.filter((line) => /^#+ /.test(line));

describe("the check in a pipeline", () => {
	const commandIn = (file: string): string => {
		const text = readFileSync(at(`examples/${file}`), "utf8");
		return String(
			/npx --no-install gitlab-oidc-mock (check .+)$/m.exec(text)?.[1],
		);
	};

	test.for(["check.gitlab-ci.yml", "check.github-actions.yml"])(
		"of %s runs as it stands, at other addresses",
		{ timeout: 60_000 },
		async (file) => {
			expect(parse(readFileSync(at(`examples/${file}`), "utf8"))).toBeTypeOf(
				"object",
			);
			await using gitlab = await startGitLab();
			const keys = createRemoteJWKSet(
				new URL(`${gitlab.issuer}/oauth/discovery/keys`),
			);
			const rp = createServer(async ({ headers }, response) => {
				const token = String(headers.authorization).replace(/^Bearer /, "");
				const { issuer } = gitlab;
				const audience = "https://rp.example.com";
				await jwtVerify(token, keys, {
					issuer,
					audience,
					algorithms: ["RS256"],
				}).then(
					() => response.end("welcome"),
					() => response.writeHead(401).end(),
				);
			}).listen(0, "127.0.0.1");
			await once(rp, "listening");
			const { port } = rp.address() as AddressInfo;
			const folder = await mkdtemp(join(tmpdir(), "pipeline-"));
			try {
				const argv = commandIn(file)
					.replace(/http:\/\/[a-z]+:8080/, gitlab.url)
					.replace("http://localhost:9000", `http://127.0.0.1:${port}`)
					.replaceAll(/=(check\.\w+)/g, `=${folder}/$1`)
					.split(" ");
				const { code, stdout, stderr } = await command([
					...argv,
					"--only",
					"audience,time/expired",
				]);
				expect(stderr).toBe("");
				expect(stdout).toContain("NO FINDINGS");
				expect(code).toBe(0);
				const written = await readdir(folder);
				expect(written).toContain("check.xml");
				expect(written).toHaveLength(2);
			} finally {
				rp.close();
				await rm(folder, { recursive: true });
			}
		},
	);
});
