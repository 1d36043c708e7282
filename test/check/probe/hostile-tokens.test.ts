// Probe of hostile tokens: a relying party that goes on, and such as do not.
import { describe, expect, test } from "vitest";
import {
	correct,
	headerOf,
	probe,
	shareGitLab,
	type Verify,
} from "./probe-run.js";

shareGitLab();

const isHostile = (token: string, is: (header: string) => boolean) => {
	try {
		headerOf(token);
		return is(Buffer.from(token.split(".")[0] ?? "", "base64url").toString());
	} catch {
		return is(token);
	}
};

describe("after hostile tokens", () => {
	test("a correct one goes on", async () => {
		const { outcome, measured, detail } = await probe(
			"hostile-tokens",
			correct(),
		);
		expect(outcome).toBe("passed");
		const each = Object.values(measured);
		expect(each.length).toBeGreaterThan(8);
		expect(new Set(each)).toEqual(new Set(["rejected"]));
		expect(detail).toBe(
			`an honest token was accepted after each of ${each.length} hostile ones`,
		);
	});

	test.for([
		["nothing but dots", (token: string) => /^\.+$/.test(token)],
		["members of the prototype", (text: string) => text.includes("__proto__")],
		["a mebibyte", (token: string) => token.length > 1_000_000],
	] as const)("one that stops at %s is found", async ([name, is]) => {
		const verify = correct();
		let isDown = false;
		const fragile: Verify = (token, place) => {
			isDown ||= is(token) || isHostile(token, is);
			if (isDown) throw new Error("no more");
			return verify(token, place);
		};
		const { outcome, detail, result } = await probe("hostile-tokens", fragile);
		expect(outcome).toBe("failed");
		expect(detail).toContain(`after a token of ${name}`);
		expect(detail).toContain("none was accepted for 0.4 seconds");
		expect(result.findings[0]).toMatchObject({ kind: "broken", level: "must" });
	});

	test("one that stops for a moment is found", async () => {
		const verify = correct();
		let refusals = 0;
		const dizzy: Verify = (token, place) => {
			if (token.includes("\0")) refusals = 2;
			if (refusals-- > 0) throw new Error("not now");
			return verify(token, place);
		};
		const { outcome, detail } = await probe("hostile-tokens", dizzy);
		expect(outcome).toBe("failed");
		expect(detail).toContain("and soon accepted again");
	});

	test("one that hangs on a token is found, though it goes on", async () => {
		const verify = correct();
		const slow: Verify = (token, place) =>
			token.includes("\0")
				? new Promise(() => undefined)
				: verify(token, place);
		const { outcome, detail, result } = await probe("hostile-tokens", slow, {
			limits: { timeout: 0.3 },
		});
		expect(outcome).toBe("failed");
		expect(detail).toContain("it hung on a token of this probe");
		expect(result.findings[0]).toMatchObject({ kind: "broken", level: "must" });
	});

	test("one that lets such a token in is found", async () => {
		const verify = correct();
		const open: Verify = (token, place) =>
			token.length > 1_000_000 || verify(token, place);
		const { outcome, result } = await probe("hostile-tokens", open);
		expect(outcome).toBe("failed");
		expect(result.findings[0]).toMatchObject({ kind: "dangerous" });
	});
});
