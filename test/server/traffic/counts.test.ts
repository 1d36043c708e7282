// What a request is counted by: one of few paths, whatever clients make up.
import { expect, test } from "vitest";
import { ROUTES } from "../../../src/server/mock/routes.js";
import {
	countedPath,
	createCounts,
} from "../../../src/server/traffic/counts.js";

test("every route of the mock has a path of its own in the counts", () => {
	const counted = ROUTES.map(({ path }) => countedPath(path));
	expect(counted).not.toContain("other");
	expect(new Set(counted).size).toBe(15);
});

test.for([
	["/oauth/discovery/keys", "/oauth/discovery/keys"],
	["/_mock/token/ref/protected-tag", "/_mock/token"],
	["/_mock/keys/abc.pem", "/_mock/keys"],
	["/_mock/", "other"],
	["/_mock/made-up", "other"],
	["/oauth/discovery/keys/1", "other"],
	["/constructor", "other"],
	["", "other"],
])("%s is counted as %s", ([path = "", name]) => {
	expect(countedPath(path)).toBe(name);
});

test("ten thousand made-up paths are one line", () => {
	const counts = createCounts();
	for (let turn = 0; turn < 10_000; turn++) counts.request(`/${turn}`, 404);
	counts.request("/_mock/health", 200);
	counts.request("/_mock/health", null);
	expect([...counts.requests]).toEqual([
		["other", [0, 0, 0, 0, 10_000, 0]],
		["/_mock/health", [1, 0, 1, 0, 0, 0]],
	]);
});
