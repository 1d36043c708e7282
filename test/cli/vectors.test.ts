// `vectors`: the document on standard output or in a file, all else on stderr.
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { vectors } from "../../src/index.js";
import { command, execute } from "./command.js";

let folder: string;
let keys: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "vectors-"));
	keys = join(folder, "keys.json");
	await command(["keys", "--new", keys]);
});
afterAll(() => rm(folder, { recursive: true }));

const ASKED = [
	"--now",
	"2031-02-03T04:05:06Z",
	"--issuer",
	"https://gitlab.acme.test",
	"--aud",
	"https://rp.acme.test",
	"--gitlab-version",
	"18.4",
	"--baseline",
	"project.path=acme/app",
	"--only",
	"valid/baseline,time/expired,probe/rotation",
];

test("prints one document, the same for the same keys, in each process", async () => {
	const made = await execute(["vectors", "--keys", keys, ...ASKED]);
	expect(made).toMatchObject({
		code: 0,
		stderr: "2 vectors, 1 left out and listed with the reason\n",
	});
	const again = await command(["vectors", "--keys", keys, ...ASKED]);
	expect(again.stdout).toBe(made.stdout);
	const json = await command(["vectors", "--json", "--keys", keys, ...ASKED]);
	expect(json.stdout).toBe(made.stdout); // the document is JSON, asked or not
	const document = JSON.parse(made.stdout);
	expect(document).toMatchObject({
		format: 1,
		reproducible: true,
		gitlab_version: "18.4",
		verifier: {
			issuer: "https://gitlab.acme.test",
			audience: "https://rp.acme.test",
			algorithms: ["RS256"],
			leeway: 0,
			now: Date.parse("2031-02-03T04:05:06Z") / 1000,
			time: "2031-02-03T04:05:06.000Z",
		},
		left_out: [{ id: "probe/rotation" }],
	});
	const [expired, baseline] = document.vectors;
	expect([expired.id, baseline.id]).toEqual(["time/expired", "valid/baseline"]);
	expect(decodeJwt(baseline.token)).toMatchObject({
		iss: "https://gitlab.acme.test",
		aud: "https://rp.acme.test",
		iat: document.verifier.now,
		project_path: "acme/app",
	});
});

test("writes it to a file, as the library makes it", async () => {
	const file = join(folder, "vectors.json");
	const only = ["valid/baseline"];
	const asked = ["--only", ...only, "--output", file];
	const made = await command(["vectors", "--keys", keys, ...asked]);
	expect(made).toMatchObject({ code: 0, stdout: "" });
	const document = JSON.parse(await readFile(file, "utf8"));
	expect(document).toEqual(await vectors({ keys, only }));
	expect(document.verifier.time).toBe("2030-01-01T00:00:00.000Z");
	const now = 1893456000;
	for (const same of [now, String(now), new Date(now * 1000)])
		expect(await vectors({ keys, only, now: same })).toEqual(document);
});

test("without keys it makes new ones, and says that the next run's differ", async () => {
	const { code, stdout, stderr } = await command([
		"vectors",
		"--only",
		"valid/baseline",
	]);
	expect(code).toBe(0);
	expect(stderr).toContain("gitlab-oidc-mock keys --new FILE");
	expect(JSON.parse(stdout).reproducible).toBe(false);
});

test("takes scenarios of one's own, and none that are wrong", async () => {
	const own = join(folder, "own");
	await mkdir(join(own, "acme"), { recursive: true });
	const file = join(own, "acme/other-audience.yaml");
	const good =
		"title: A token for another service of ours\nexpect: reject\nrule: audience\nwhy: It is not for this one.\nspec: [RFC 7519 §4.1.3]\ntoken:\n  claims: { aud: https://other.acme.test }\n";
	await writeFile(file, good);
	const options = { keys, scenarios: [own], only: ["acme"] };
	const made = await vectors(options);
	expect(made.vectors.map(({ id }) => id)).toEqual(["acme/other-audience"]);
	await writeFile(file, good.replace("expect", "expct"));
	const { code, stdout, stderr } = await command([
		"vectors",
		"--keys",
		keys,
		"--scenarios",
		own,
	]);
	expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
	expect(stderr).toContain(`${file}:2:1: expct: unknown key`);
});

test.for([
	["a time without a zone", ["--now", "2030-01-01T00:00:00"], "now: expected"],
	["a time in fractions", ["--now", "1893456000.5"], "now: expected"],
	["no time", ["--now", "soon"], "now: expected a time in whole seconds"],
	["a scenario that is not there", ["--only", "time/expird"], "time/expird"],
	["a file that is not there", ["--keys", "/nowhere/keys"], "/nowhere/keys"],
	["an issuer with a slash", ["--issuer", "https://a.test/"], "is no issuer"],
	["only what is left out", ["--only", "valid/one-mebibyte"], "--large"],
	["an own URL alone", ["--gitlab-url", "https://a.test"], "give the issuer"],
	["an old GitLab", ["--gitlab-version", "9.0"], "9.0"],
	[
		"a file that cannot be written",
		["--only", "valid/baseline", "--output", "/nowhere/v.json"],
		"cannot write /nowhere/v.json",
	],
] as [string, string[], string][])("refuses %s", async ([, argv, words]) => {
	const { code, stdout, stderr } = await command(["vectors", ...argv]);
	expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
	expect(stderr).toContain(words);
});
