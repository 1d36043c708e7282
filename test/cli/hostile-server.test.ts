// What a command asks may be anybody's: no more of an answer is read than is needed, and a terminal obeys none of it.
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
	afterAll,
	beforeAll,
	beforeEach,
	describe,
	expect,
	test,
} from "vitest";
import { tokenText } from "../../src/cli/token-text.js";
import { BUILT_IN, loadCatalogue } from "../../src/scenario/catalogue.js";
import { isTemplate } from "../../src/scenario/near/template.js";
import { isApplicable, tokenOf } from "../scenario-token.js";
import { command } from "./command.js";

let folder: string;
let url: string;
let answer: (path: string, response: ServerResponse) => void;
let sent = 0; // bytes
const server = createServer((request, response) => {
	request.resume();
	answer(request.url ?? "", response);
});
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "hostile-"));
	await writeFile(
		join(folder, "ci.yml"),
		"deploy:\n  script: x\n  id_tokens: { T: { aud: https://rp.test } }\n",
	);
	await writeFile(
		join(folder, "rp.yaml"),
		"audience: https://rp.test\ntarget: { command: 'true' }\n",
	);
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
	sent = 0;
});
afterAll(async () => {
	server.closeAllConnections();
	server.close();
	await rm(folder, { recursive: true });
});

const COMMANDS: [string, () => string[]][] = [
	["token", () => ["token", "baseline", "--server", url]],
	["token --json", () => ["token", "baseline", "--json", "--server", url]],
	["jobs", () => ["jobs", join(folder, "ci.yml"), "deploy", "--server", url]],
	["keys", () => ["keys", "--server", url]],
	["keys --pem", () => ["keys", "--pem", "--server", url]],
	["keys --kid", () => ["keys", "--kid", "x", "--server", url]],
	["decode", () => ["decode", "a.b.c", "--server", url]],
	["healthcheck", () => ["healthcheck", url]],
	["check", () => ["check", join(folder, "rp.yaml"), "--server", url]],
];

test.for(COMMANDS)("%s reads no answer without an end", async ([, argv]) => {
	const piece = Buffer.alloc(1024 * 1024, "a");
	answer = (_, response) => {
		const more = () => {
			while (!response.destroyed && sent < 256 * piece.length) {
				sent += piece.length;
				if (!response.write(piece)) {
					response.once("drain", more);
					return;
				}
			}
		};
		more();
	};
	const { code, stderr } = await command(argv());
	expect(code).not.toBe(0);
	expect(stderr).toContain("answered more than 8 MiB");
	expect(sent).toBeLessThan(64 * piece.length);
});

// A colour, a title, a link, C1, a bidirectional override, lines that look like the command's own.
const HOSTILE =
	"\u001b[2J\u001b]0;title\u0007\u001b]8;;http://evil.test\u001b\\\u009b31m\u202e\u2028\r\nerror: forged\nexport PATH=/evil";
const token = (text: string) => ({ token: text, scenario: text });
const JWK = { kty: "RSA", n: "AQAB", e: "AQAB" };

const ANSWERS: [string, number, unknown][] = [
	["errors", 400, { error: "invalid_request", error_description: HOSTILE }],
	[
		"errors of another kind",
		409,
		{ error: HOSTILE, error_description: HOSTILE },
	],
	["texts", 200, HOSTILE],
	[
		"members",
		200,
		{
			...token(HOSTILE),
			keys: [
				{ ...JWK, kid: HOSTILE },
				{ ...JWK, kid: HOSTILE, kty: HOSTILE },
			],
			issuer: HOSTILE,
			jwks_uri: "http://127.0.0.1:1/\u202e",
			jobs: [{ name: HOSTILE, id_tokens: {} }],
			tokens: { T: token(HOSTILE), [HOSTILE]: token("x") },
			warnings: [HOSTILE],
			gitlab_version: HOSTILE,
		},
	],
];

describe.for(ANSWERS)("hostile %s", ([, status, value]) => {
	test.for(COMMANDS)("to %s", async ([, argv]) => {
		answer = (_, response) => {
			response.writeHead(status, { "Content-Type": "application/json" });
			response.end(JSON.stringify(value));
		};
		const { stdout, stderr } = await command(argv());
		const printed = stdout + stderr;
		expect(printed).not.toMatch(
			/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.exec(printed.replaceAll("\n", ""))?.[0] ??
				"\u0000",
		);
		expect(printed).not.toMatch(/^(error: forged|export PATH)/m);
	});
});

test("a forged token of the mock's own is printed as it is, and made harmless for a terminal", async () => {
	const catalogue = await loadCatalogue([BUILT_IN]);
	const pipe = { write: () => {} };
	for (const scenario of catalogue.all()) {
		if (isTemplate(scenario) || !isApplicable(scenario)) continue;
		const { token } = await tokenOf(scenario, scenario.id);
		expect(tokenText(token, pipe)).toBe(token);
		expect(tokenText(token, { ...pipe, isTTY: true })).toMatch(/^[^\p{Cc}]*$/u);
	}
});

describe("check is told what is wrong where a server answers something else than asked", () => {
	const good: Record<string, unknown> = {
		"/_mock/health": { issuer: "http://x.test", gitlab_version: "19.1" },
		"/_mock/scenarios": { scenarios: [] },
		"/_mock/faults": {},
		"/_mock/token": { token: "a.b.c", scenario: "x", header: {}, claims: {} },
		"/_mock/clock": { now: 1 },
		"/_mock/keys": { keys: [] },
		"/_mock/requests": { requests: [] },
		"/oauth/discovery/keys": { keys: [] },
	};
	test.for(
		[
			"/_mock/health",
			"/_mock/scenarios",
			"/_mock/faults",
			"/_mock/token",
		].flatMap((path) =>
			[null, [], "text", { issuer: 1, scenarios: [{}], token: 1, "/x": 1 }].map(
				(body) => [path, body] as const,
			),
		),
	)("%s: %j", async ([path, body]) => {
		answer = (asked, response) => {
			const [at = ""] = asked.split("?", 1);
			response.end(JSON.stringify(at === path ? body : (good[at] ?? {})));
		};
		const { code, stderr, stdout } = await command([
			"check",
			join(folder, "rp.yaml"),
			"--server",
			url,
		]);
		expect(code).toBe(2);
		expect(stderr + stdout).not.toMatch(/TypeError|Cannot read/);
		// An empty list of faults is one of none.
		if (path !== "/_mock/faults" || !Array.isArray(body))
			expect(stderr + stdout).toContain("is not what a check needs");
	});
});
