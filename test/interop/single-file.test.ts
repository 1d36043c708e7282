// The command as one file, alone in an empty folder: without this checkout, packages, or a network.
import { copyFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeFolder, start } from "./program.js";

const ROOT = join(import.meta.dirname, "../..");

const ends: (() => Promise<unknown>)[] = [];
const later = (end: () => Promise<unknown>) => void ends.push(end);
let home: string;

const node = (...argv: string[]) =>
	start(process.execPath, argv, { from: "Node", home, later });
const mock = (...argv: string[]) => node("gitlab-oidc-mock.mjs", ...argv);

/** What a command printed, which must succeed. */
async function printed(...argv: string[]): Promise<string> {
	const program = mock(...argv);
	const code = await program.exit();
	expect(code, program.output()).toBe(0);
	return program.output();
}

beforeAll(async () => {
	home = await makeFolder(later);
	const made = await makeFolder(later);
	const script = node(join(ROOT, "scripts/single-file.mjs"), made);
	expect(await script.exit(), script.output()).toBe(0);
	await copyFile(
		join(made, "gitlab-oidc-mock.mjs"),
		join(home, "gitlab-oidc-mock.mjs"),
	);
});
afterAll(async () => {
	for (const end of ends.reverse()) await end();
});

test("passes on the licences of what is in it", async () => {
	const text = await readFile(join(home, "gitlab-oidc-mock.mjs"), "utf8");
	const licenses = await readFile(join(ROOT, "dist/cli/LICENSES.txt"), "utf8");
	const names = [...licenses.matchAll(/^\S+ \d\S* \(.+\)$/gm)].map(
		([line]) => line,
	);
	expect(names.length).toBeGreaterThan(20);
	expect(names.filter((name) => !text.includes(name))).toEqual([]);
});

test("has the scenarios, and makes tokens without a server", async () => {
	const { version } = JSON.parse(
		await readFile(join(ROOT, "package.json"), "utf8"),
	);
	const [versionText, listed, shown] = await Promise.all([
		printed("--version"),
		printed("scenarios"),
		printed("scenarios", "time/expired"),
		printed("keys", "--new", "keys.json"),
	]);
	expect(versionText.trim()).toBe(version);
	expect(listed).toContain("\nref/protected-tag ");
	const file = await readFile(join(ROOT, "scenarios/time/expired.yaml"));
	expect(shown).toBe(`# time/expired\n${file}`);
	const offline = ["--keys", "keys.json", "--issuer", "https://gl.example.com"];
	const token = await printed("token", "protected-tag", ...offline);
	expect(decodeJwt(token).iss).toBe("https://gl.example.com");
});

test("is a server", async () => {
	const server = mock("serve", "--port", "0", "--json");
	const ready = await server.until(
		"ready",
		() => /^\{.*\}$/m.exec(server.output())?.[0],
	);
	const { url } = JSON.parse(ready);
	expect(await printed("healthcheck", url)).toBe("ready\n");
	const token = await fetch(`${url}/_mock/token/protected-tag`);
	expect(decodeJwt(await token.text()).iss).toBe(url);
	server.child.kill("SIGTERM");
	expect(await server.exit()).toBe(0);
});
