// Probe of tokens that are repeated, of functions and of a program that is started.
import { describe, expect, test } from "vitest";
import { checkProfile } from "../../../src/harness/check-profile.js";
import { node } from "../../relying-party/target/presentation.js";
import { correct, probe, shareGitLab, type Verify } from "./probe-run.js";

shareGitLab();

describe("an answer", () => {
	test("that repeats nothing passes", async () => {
		const { outcome, measured, detail } = await probe("token-echo", correct());
		expect(outcome).toBe("passed");
		expect(measured).toEqual({ answered: 0, printed: null, returned: "no" });
		expect(detail).toContain("what it prints is not seen");
	});

	test.for([
		["the whole token", (token: string) => token],
		["its claims", (token: string) => token.split(".")[1]],
		["its signature", (token: string) => token.split(".")[2]],
	] as const)("that repeats %s is found", async ([, cut]) => {
		const verify = correct();
		const telling: Verify = (token, place) =>
			Promise.resolve(verify(token, place)).catch(({ message }) => {
				throw new Error(`${message}: ${cut(token)}`);
			});
		const { outcome, measured, result } = await probe("token-echo", telling);
		expect(outcome).toBe("failed");
		expect(measured.answered).toBe(4);
		expect(result.findings[0]).toMatchObject({ level: "should", token: null });
		expect(JSON.stringify(result)).not.toMatch(/eyJ[\w-]{20}/);
	});
});

/** Lets in what is for it and has not expired: here it matters what it says, not whom it lets in. */
const program = (onToken: string) =>
	node(`
		const { createServer } = require("node:http");
		const claims = (token) => JSON.parse(Buffer.from(token.split(".")[1], "base64url"));
		createServer((request, response) => {
			const token = (request.headers.authorization || "").slice(7);
			${onToken}
			let good = false;
			try {
				const { aud, exp } = claims(token);
				good = aud === process.env.OIDC_AUDIENCE && exp > Date.now() / 1000;
			} catch {}
			response.statusCode = good ? 200 : 401;
			response.end();
		}).listen(process.env.PORT, "127.0.0.1");
	`);

describe("a program", () => {
	test.for([
		["passes where it logs no token", "console.log('a request')", 0, false],
		[
			"is found where it logs signatures",
			"console.error(token.split('.')[2])",
			5,
			false,
		],
		[
			"is found where a header of every answer repeats them",
			"response.setHeader('x-token', token)",
			0,
			true,
		],
	] as const)("%s", async ([, onToken, printed, answers]) => {
		const result = await checkProfile(
			{
				target: { http: { url: "http://127.0.0.1:{port}/" } },
				start: program(onToken),
			},
			{ version: "1.0.0", selection: { only: ["probe/token-echo"] } },
		);
		const found = result.probes.find(({ id }) => id === "probe/token-echo");
		expect(found?.measured.printed).toBe(printed);
		expect(found?.measured.returned).toBe(answers ? "yes" : "no");
		// It lets a flipped signature in, which is not this probe's to judge.
		expect(found?.outcome).toBe(printed > 0 || answers ? "failed" : "passed");
	});
});
