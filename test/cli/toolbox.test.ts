// What makes the command line pleasant: completion, examples, a table that fits, secrets out of sight.
import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
	afterAll,
	beforeAll,
	describe,
	expect,
	onTestFinished,
	test,
	vi,
} from "vitest";
import { run } from "../../src/cli/run.js";
import { VERSION } from "../../src/version.js";
import { command, serveHere } from "./command.js";

let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "toolbox-"));
});
afterAll(() => rm(folder, { recursive: true }));

const COMMANDS = [
	...["serve", "token", "job", "jobs", "scenarios", "keys", "decode"],
	...["check", "vectors", "healthcheck", "completion"],
];

test.for(["-v", "--version"])("%s is the version", async (flag) => {
	expect(await command([flag])).toMatchObject({
		code: 0,
		stdout: `${VERSION}\n`,
	});
});

test("each help has examples, of its own command", async () => {
	const { stdout } = await command(["--help"]);
	const listed = [...stdout.matchAll(/^ {2}([a-z]+) .*\S {2,}/gm)].map(
		([, name]) => name as string,
	);
	expect(listed).toEqual(expect.arrayContaining(COMMANDS));
	for (const name of COMMANDS) {
		const help = (await command([name, "--help"])).stdout;
		const [, examples = ""] = help.split("Examples:\n");
		const lines = examples.split("\n").filter((line) => /^ {2}\$ /.test(line));
		expect(lines.length, name).toBeGreaterThan(0);
		for (const line of lines)
			expect(line).toMatch(new RegExp(`^  \\$ gitlab-oidc-mock ${name}( |$)`));
	}
});

describe("completion", () => {
	let script: string;
	beforeAll(async () => {
		script = (await command(["completion", "bash"])).stdout;
	});

	/** What bash offers for each line, whose last word is being typed. */
	function offered(lines: string[][]): string[][] {
		const asked = lines
			.map(
				(line) =>
					`COMP_WORDS=(gitlab-oidc-mock ${line.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${line.length}; _gitlab_oidc_mock; echo "\${COMPREPLY[*]}"`,
			)
			.join("\n");
		const said = execFileSync("bash", ["-c", `${script}\n${asked}`], {
			encoding: "utf8",
		});
		return said
			.split("\n")
			.slice(0, lines.length)
			.map((line) => line.split(" ").filter((word) => word !== ""));
	}

	test("offers commands, options, their choices and scenarios", () => {
		const [commands, scenarios, options, choices, files, near, shells] =
			offered([
				["jo"],
				["token", "ref/protected-t"],
				["decode", "--"],
				["scenarios", "--level", "m"],
				["token", "--keys", ""],
				["token", "near/prefi"],
				["completion", ""],
			]);
		expect(commands).toEqual(["job", "jobs"]);
		expect(scenarios).toContain("ref/protected-tag");
		expect(options).toEqual(
			expect.arrayContaining(["--aud", "--leeway", "--json", "--help"]),
		);
		expect(choices).toEqual(["must", "may"]);
		expect(files).toEqual([]); // the shell's own offer
		expect(near).toEqual(["near/prefix:"]);
		expect(shells).toEqual(["bash", "zsh"]);
	});

	test("knows the scenarios of one's own, and lets no name of a file be run", async () => {
		const file = (name: string, text: string) =>
			writeFile(join(folder, name), text);
		const scenario =
			"title: Mine\nexpect: policy\nwhy: It is mine.\nspec: [mine]\njob: { ref: x }\n";
		await file("mine.yaml", scenario);
		await file("$(touch x).yaml", scenario);
		await file("a'b.yaml", scenario);
		const { stdout } = await command([
			...["completion", "zsh", "--scenarios", folder],
		]);
		expect(stdout).toContain("bashcompinit");
		expect(stdout).toMatch(/ mine[ ']/);
		expect(stdout).not.toContain("touch");
		expect(stdout).not.toContain("a'b");
	});

	test("of another shell is refused", async () => {
		const { code, stderr } = await command(["completion", "fish"]);
		expect(code).toBe(2);
		expect(stderr).toContain("Allowed choices are bash, zsh");
	});
});

test("the list of scenarios fits a terminal, and is whole in a pipe", async () => {
	const listed = async (columns?: number) => {
		let text = "";
		const output = {
			isTTY: columns !== undefined,
			...(columns !== undefined && { columns }),
			write: (part: string) => {
				text += part;
			},
		};
		await run(["scenarios"], {
			...{ stdout: output, stderr: output, env: { NO_COLOR: "1" } },
			stdin: (async function* () {})(),
		});
		return text.trimEnd().split("\n");
	};
	const [whole, narrow] = [await listed(), await listed(110)];
	expect(narrow).toHaveLength(whole.length);
	expect(Math.max(...narrow.map((line) => line.length))).toBe(110);
	expect(Math.max(...whole.map((line) => line.length))).toBeGreaterThan(110);
	expect(whole.join("")).not.toContain("…");
});

describe("a control token in a file", () => {
	const change = (url: string, token?: string) =>
		fetch(`${url}/_mock/reset`, {
			method: "POST",
			headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
		}).then(({ status }) => status);

	test("is asked for, without the end of its line", async () => {
		const file = join(folder, "control-token");
		await writeFile(file, "s3cret\n");
		const server = await serveHere(["--control-token-file", file]);
		expect(await change(server.url)).toBe(401);
		expect(await change(server.url, "s3cret")).toBe(200);
	});

	test.for([
		["", /expected one line/],
		["a\nb\n", /expected one line/],
		[undefined, /cannot read/],
	] as const)("%j is refused", async ([text, reason]) => {
		const file = join(folder, "none");
		if (text !== undefined) await writeFile(file, text);
		const { code, stderr } = await command([
			...["serve", "--port", "0", "--control-token-file", file],
		]);
		await rm(file, { force: true });
		expect(code).toBe(2);
		expect(stderr).toMatch(reason);
	});

	test("excludes the other way to say it", async () => {
		const { code, stderr } = await command([
			...["serve", "--control-token", "a", "--control-token-file", "b"],
		]);
		expect(code).toBe(2);
		expect(stderr).toContain("cannot be used with");
	});
});

test("keys come before a server that the environment names", async () => {
	const keys = join(folder, "private.json");
	expect((await command(["keys", "--new", keys])).code).toBe(0);
	const argv = [
		...["token", "expired", "--keys", keys],
		...["--issuer", "https://gitlab.test"],
	];
	vi.stubEnv("GITLAB_OIDC_MOCK_SERVER", "http://127.0.0.1:1");
	onTestFinished(() => void vi.unstubAllEnvs());
	expect(await command(argv)).toMatchObject({ code: 0, stderr: "" });
	expect(
		await command([...argv, "--server", "http://127.0.0.1:1"]),
	).toMatchObject({ code: 2 });
});

test("decode takes - for standard input", async () => {
	const keys = join(folder, "keys.json");
	await writeFile(keys, '{ "keys": [] }');
	const trusted = ["--jwks", keys, "--issuer", "https://gitlab.test"];
	const outcome = await command(["decode", "-", ...trusted], "no token\n");
	expect(outcome.code).toBe(1);
	expect(outcome).toEqual(await command(["decode", ...trusted], "no token\n"));
	expect(outcome.stdout).toEqual(
		(await command(["decode", "no token", ...trusted])).stdout,
	);
});

test("a family that there is not is refused, with those that are like it", async () => {
	expect(await command(["scenarios", "--family", "reff"])).toMatchObject({
		code: 2,
		stderr: expect.stringContaining("nearest: ref"),
	});
	expect(await command(["scenarios", "--family", "ref"])).toMatchObject({
		code: 0,
		stderr: "",
	});
});
