// Lines of the request log: one each, whatever is in a request.
import { expect, test } from "vitest";
import { requestLine, warningLine } from "../../src/cli/request-line.js";
import { serveHere } from "./command.js";

const request = {
	time: "2026-01-02T03:04:05.678Z",
	instance: "old",
	method: "GET",
	path: "/oauth/discovery/keys",
	query: "a=1",
	status: 200,
	duration: 3,
	requestId: "01ARYZ6S41TSV4RRFFQ69G5FAV",
};

test("as text and as JSON", () => {
	expect(requestLine("text", request)).toBe(
		"2026-01-02T03:04:05.678Z GET /oauth/discovery/keys?a=1 200 3ms old 01ARYZ6S41TSV4RRFFQ69G5FAV\n",
	);
	expect(JSON.parse(requestLine("json", request))).toEqual({
		time: "2026-01-02T03:04:05.678Z",
		instance: "old",
		method: "GET",
		path: "/oauth/discovery/keys",
		query: "a=1",
		status: 200,
		duration: 3,
		request_id: "01ARYZ6S41TSV4RRFFQ69G5FAV",
	});
});

test("a dash stands for what there is not, and null in JSON", () => {
	const refused = {
		...request,
		instance: "",
		method: null,
		path: null,
		query: "",
		status: null,
	};
	expect(requestLine("text", refused)).toContain("Z - - - 3ms - 01ARYZ");
	expect(JSON.parse(requestLine("json", refused))).toMatchObject({
		path: null,
		status: null,
	});
});

test("nothing in it can make a second line or steer a terminal", () => {
	const path = "/a\n\u001b[31m\u0085\u202eb";
	for (const format of ["text", "json"] as const) {
		const line = requestLine(format, { ...request, path });
		expect(line.indexOf("\n")).toBe(line.length - 1);
		for (const character of ["\u001b", "\u0085", "\u202e"])
			expect(line).not.toContain(character);
	}
	expect(JSON.parse(warningLine("a\nb"))).toMatchObject({ warning: "a\nb" });
});

test("serve writes them to standard error, warnings in the same form", async () => {
	const server = await serveHere(["--log", "json", "--host", "0.0.0.0"]);
	const { headers } = await fetch(`${server.url}/nowhere?code=hush`);
	await server.stop();
	const lines = server.stderr().trim().split("\n");
	expect(lines.map((line) => JSON.parse(line))).toEqual([
		expect.objectContaining({
			warning: expect.stringContaining("listening on 0.0.0.0"),
		}),
		expect.objectContaining({
			path: "/nowhere",
			query: "code=[redacted]",
			status: 404,
			request_id: headers.get("x-request-id"),
		}),
	]);
});

test("serve writes none unless it is asked for", async () => {
	const server = await serveHere([]);
	await fetch(`${server.url}/nowhere`);
	await server.stop();
	expect(server.stderr()).toBe("");
});
