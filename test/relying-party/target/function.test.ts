// A verifier of this process: what it returns, throws or never does.
import { describe, expect, test } from "vitest";
import {
	functionTarget,
	type Verify,
} from "../../../src/relying-party/target/function.js";
import { presentation, TOKEN } from "./presentation.js";

const open = (verify: Verify, timeout = 10) =>
	functionTarget(verify, { timeout });
const fail = (thrown: unknown) => () => {
	throw thrown;
};
const nasty = {
	get [Symbol.toPrimitive]() {
		throw new Error("ha");
	},
};

describe("a verifier that", () => {
	test.for<[string, Verify, string, string]>([
		["returns claims", () => ({ sub: "a" }), "accepted", "resolved"],
		["returns nothing", () => undefined, "accepted", "resolved"],
		["resolves to true", async () => true, "accepted", "resolved"],
		["resolves to null", async () => null, "accepted", "resolved"],
		["returns false", () => false, "rejected", "resolved to false"],
		["resolves to false", async () => false, "rejected", "resolved to false"],
		["throws", fail(new Error("expired")), "rejected", "Error: expired"],
		[
			"rejects",
			() => Promise.reject(new RangeError("no")),
			"rejected",
			"RangeError: no",
		],
		["throws a text", fail("expired"), "rejected", "thrown: expired"],
		["throws nothing", fail(undefined), "rejected", "thrown: undefined"],
		[
			"throws what has no text",
			fail(nasty),
			"rejected",
			"thrown: something without a text",
		],
		[
			"has a bug",
			() => (undefined as unknown as { a: { b: 1 } }).a.b,
			"rejected",
			"TypeError: Cannot read properties of undefined (reading 'a')",
		],
	])("%s", async ([, verify, outcome, detail]) => {
		const answer = await open(verify).present(presentation());
		expect(answer).toMatchObject({ outcome, detail });
	});

	test("does not settle hangs", async () => {
		const verify: Verify = (token) =>
			token === "bad" ? new Promise(() => undefined) : true;
		const target = open(verify, 0.1);
		expect(await target.present(presentation("bad"))).toMatchObject({
			outcome: "hung",
			detail: "no answer within 0.1 s",
		});
		expect(await target.present(presentation())).toMatchObject({
			outcome: "accepted",
		});
	});
});

test("it may take longer by the patience that the token has", async () => {
	const slow = () => new Promise((resolve) => setTimeout(resolve, 300));
	const target = open(slow, 0.1);
	const ask = async (patience?: number) =>
		(await target.present(presentation(), { patience })).outcome;
	expect([await ask(), await ask(10)]).toEqual(["hung", "accepted"]);
});

test("it gets the token as it is, and what goes with it", async () => {
	const seen: unknown[] = [];
	const given = presentation("a\n\0\ud800");
	await open((...all) => seen.push(...all)).present(given);
	expect(seen).toEqual([given.token, given]);
});

test("a detail is safe", async () => {
	const target = open((token) => {
		throw new Error(`\u001b[31m${token}\n${"long ".repeat(1000)}`);
	});
	const { detail } = await target.present(presentation());
	expect(detail).toMatch(/^Error: \ufffd\[31meyJhbGciOiJS… long /);
	expect(detail.length).toBe(300);
	expect(detail).not.toContain(TOKEN.slice(0, 20));
});

test("the description is its name", () => {
	expect(open(function verifyJob() {}).description).toBe(
		"the function verifyJob",
	);
	expect(open(() => true).description).toBe("a function");
});
