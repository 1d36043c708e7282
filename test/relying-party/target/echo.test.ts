// An answer that repeats the token says so, of every kind of target; one that does not says nothing.
import { expect, test } from "vitest";
import { commandTarget } from "../../../src/relying-party/target/command.js";
import { functionTarget } from "../../../src/relying-party/target/function.js";
import { httpTarget } from "../../../src/relying-party/target/http.js";
import { linesTarget } from "../../../src/relying-party/target/lines.js";
import type { Target } from "../../../src/relying-party/target/target.js";
import { closing, node, presentation, TOKEN } from "./presentation.js";
import { type Asked, startServer } from "./server.js";

const CLAIMS = "eyJzdWIiOiJhIiwibiI6MX0";
const token = TOKEN.replace(/\.[^.]+\./, `.${CLAIMS}.`);

const http = async (
	answer: Parameters<typeof startServer>[0],
): Promise<Target> => {
	const { port } = await startServer(answer);
	const url = "http://127.0.0.1:{port}/";
	return httpTarget({ url }, { port, timeout: 10 });
};
const command = (source: string) =>
	commandTarget(node(source), { timeout: 10 });
const READ = `let token = ""; process.stdin.on("data", (part) => { token += part; }).on("end", () => {`;
const lines = (detail: string) =>
	linesTarget(
		node(
			`require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => { const { id, token } = JSON.parse(line); console.log(JSON.stringify({ id, accepted: false, detail: ${detail} })); })`,
		),
		{ timeout: 10 },
	);
const bearerOf = ({ headers }: Asked) =>
	String(headers.authorization).slice("Bearer ".length);

test.for<[name: string, open: () => Target | Promise<Target>, is?: true]>([
	[
		"a body",
		() => http((response, asked) => response.end(`no: ${bearerOf(asked)}`)),
		true,
	],
	[
		"a header",
		() =>
			http((response, asked) =>
				response
					.setHeader("x-claims", bearerOf(asked).split(".")[1] ?? "")
					.end(),
			),
		true,
	],
	["no part of an answer", () => http((response) => response.end(TOKEN))],
	["stdout", () => command(`${READ} console.log(token) })`), true],
	["stderr", () => command(`${READ} console.error(token) })`), true],
	["no output", () => command(`${READ} console.log("no token") })`)],
	["a line", () => lines("token"), true],
	["no line", () => lines(`"no token"`)],
	[
		"an error",
		() =>
			functionTarget(
				(shown) => {
					throw new Error(`bad: ${shown}`);
				},
				{ timeout: 10 },
			),
		true,
	],
	["no error", () => functionTarget(() => false, { timeout: 10 })],
])("%s", async ([, open, is]) => {
	const target = closing(await open());
	const answer = await target.present(presentation(token));
	expect(answer.echoed).toBe(is);
	expect(answer.detail).not.toContain(token);
});
