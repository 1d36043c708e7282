// Findings about the honest token: one for all refusals that no token is to blame for, one for each time that the RP went down.
import { expect, test } from "vitest";
import {
	type Troubled,
	troubleFindings,
} from "../../src/verdict/control-finding.js";

const trouble = (
	after: string,
	outcome: "rejected" | "hung" = "rejected",
): Troubled => ({
	after,
	trouble: {
		answer: { outcome, detail: "401 Unauthorized", duration: 0 },
		ending: "",
		mended: "time",
	},
});

test("none, where nothing was wrong", () => {
	expect(troubleFindings([])).toEqual([]);
});

test("one refusal is told with what was sent before", () => {
	expect(troubleFindings([trouble("a/b")])).toMatchObject([
		{ id: "control:a/b", kind: "too-strict", fails: true },
	]);
});

test("many refusals are one finding, with how often and the first places", () => {
	const places = ["a", "b", "c", "d", "e", "f", "g"];
	const [finding, ...others] = troubleFindings(places.map((id) => trouble(id)));
	expect(others).toEqual([]);
	expect(finding).toMatchObject({
		id: "control:now-and-then",
		title: "The honest token was refused 7 times, and accepted in between",
		actual:
			"after a, b, c, d, e and 2 more; the first time refused: 401 Unauthorized; it accepted the token again after a while",
		fails: true,
	});
});

test("each time that it went down stays one of its own", () => {
	const troubled = [trouble("a"), trouble("b", "hung"), trouble("c", "hung")];
	expect(troubleFindings(troubled).map(({ id, kind }) => [id, kind])).toEqual([
		["control:b", "broken"],
		["control:c", "broken"],
		["control:a", "too-strict"],
	]);
});
