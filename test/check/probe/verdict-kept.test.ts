// Probes of verdicts that are kept: each found in a relying party that keeps them so, and not in one that does not.
import { describe, expect, test } from "vitest";
import { messageOf } from "../../../src/errors.js";
import {
	correct,
	payloadOf,
	probe,
	shareGitLab,
	type Verify,
	withLeeway,
} from "./probe-run.js";

shareGitLab();

/** A correct one that keeps what it let in, by `keyOf` the token, as long as it runs. */
const keeping = (
	keyOf: (token: string) => string,
	{ seconds = Number.POSITIVE_INFINITY } = {},
): Verify => {
	const verify = correct();
	const kept = new Map<string, number>();
	return async (token, place) => {
		const key = keyOf(token);
		const until = kept.get(key) ?? 0;
		if (performance.now() / 1000 < until) return true;
		await verify(token, place);
		kept.set(key, performance.now() / 1000 + seconds);
		return true;
	};
};

const part = (index: number) => (token: string) =>
	token.split(".")[index] || token;

describe("another signature", () => {
	test("is found where a verdict is kept by the claims", async () => {
		const { outcome, detail, measured, result } = await probe(
			"other-signature",
			keeping(part(1)),
		);
		expect(outcome).toBe("failed");
		expect(measured).toEqual({
			"a bit of its signature flipped": "accepted",
			"the signature of another token": "accepted",
			"an empty signature": "accepted",
			never_shown: "rejected",
		});
		expect(detail).toContain("it caches verdicts by less than the whole token");
		expect(result.findings[0]).toMatchObject({
			kind: "dangerous",
			level: "must",
			fails: true,
		});
	});

	test("is told apart from one that looks at no signature", async () => {
		const { outcome, detail } = await probe("other-signature", (token) => {
			if (payloadOf(token).jti === undefined) throw new Error("no jti");
		});
		expect(outcome).toBe("failed");
		expect(detail).toContain("it checks less");
	});
});

describe("another payload", () => {
	test("is found where a verdict is kept by the signature", async () => {
		const { outcome, measured } = await probe(
			"other-payload",
			keeping(part(2)),
		);
		expect(outcome).toBe("failed");
		expect(measured).toEqual({
			"the claims of another token": "accepted",
			"a later exp": "accepted",
			never_shown: "rejected",
		});
	});
});

describe("the same jti", () => {
	test("is found where a verdict is kept by it", async () => {
		const { outcome, measured } = await probe(
			"same-jti",
			keeping((token) => String(payloadOf(token).jti)),
		);
		expect(outcome).toBe("failed");
		expect(measured).toEqual({
			"its jti and a signature by another key": "accepted",
			"its jti and a passed exp": "accepted",
			"its jti and another audience": "accepted",
			never_shown: "rejected",
		});
	});

	test("is found where the signature is looked at before", async () => {
		const signature = correct();
		const verify = keeping((token) => String(payloadOf(token).jti));
		const lazy: Verify = async (token, place) => {
			try {
				await signature(token, place);
			} catch (error) {
				if (/^(signature|key)$/.test(messageOf(error))) throw error;
			}
			return verify(token, place);
		};
		const { outcome, measured } = await probe("same-jti", lazy);
		expect(outcome).toBe("failed");
		expect(measured["its jti and a signature by another key"]).toBe("rejected");
		expect(measured["its jti and a passed exp"]).toBe("accepted");
	});
});

/** Takes each token once. */
const once = (): Verify => {
	const verify = correct();
	const used = new Set<string>();
	return async (token, place) => {
		await verify(token, place);
		const { jti } = payloadOf(token);
		if (used.has(jti)) throw new Error("used");
		used.add(jti);
	};
};

describe.for(["other-signature", "other-payload", "same-jti"])("%s", (id) => {
	test.for([
		["keeps no verdict", correct],
		["keeps it by the whole token", () => keeping((token) => token)],
		["takes a token once", once],
	] as const)("passes what %s", async ([, make]) => {
		const { outcome, detail } = await probe(id, make());
		expect(detail).toMatch(
			/^after a token was accepted, one with .+ was refused$/,
		);
		expect(outcome).toBe("passed");
	});
});

describe("after its expiry", () => {
	test("a token is refused by what keeps no verdict, with a leeway and without", async () => {
		const strict = await probe("after-expiry", correct());
		expect(strict.measured).toEqual({ leeway: 0, after: "rejected" });
		expect(strict.outcome).toBe("passed");
		const lenient = await probe("after-expiry", withLeeway(45));
		expect(lenient.measured.after).toBe("rejected");
		expect(Number(lenient.measured.leeway)).toBeGreaterThanOrEqual(43);
		expect(lenient.outcome).toBe("passed");
	});

	test("it is found where its verdict is kept for some seconds", async () => {
		const { outcome, measured, detail, result } = await probe(
			"after-expiry",
			keeping((token) => token, { seconds: 4 }),
		);
		expect(outcome).toBe("failed");
		expect(measured).toMatchObject({ leeway: 0, after: "accepted" });
		expect(Number(measured.kept)).toBeGreaterThan(0);
		expect(detail).toContain("a token that was not sent before was refused");
		expect(result.findings[0]).toMatchObject({
			kind: "dangerous",
			level: "should",
		});
	});

	test("nothing is seen where tokens do not expire", async () => {
		const { outcome, detail } = await probe("after-expiry", () => true);
		expect(outcome).toBe("reported");
		expect(detail).toContain("a day after their exp");
	});
});
