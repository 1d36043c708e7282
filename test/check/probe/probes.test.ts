// Probes of what the relying party fetches, of replay, leeway and many tokens at once: shown by one that does as it should, and by one that does not.
import { describe, expect, test } from "vitest";
import { relyingParty } from "../../rp.js";
import {
	correct,
	headerOf,
	payloadOf,
	probe,
	shareGitLab,
	type Verify,
	withLeeway,
} from "./probe-run.js";

shareGitLab();

describe("caching", () => {
	test("passes what fetches the keys once", async () => {
		const { outcome, measured } = await probe("caching", correct());
		expect(outcome).toBe("passed");
		expect(measured).toEqual({ tokens: 20, discovery: 0, keys: 0 });
	});

	test("finds what fetches them for every token, with the requests", async () => {
		const verify = correct({ cached: false });
		const { outcome, measured, evidence, detail } = await probe(
			"caching",
			verify,
		);
		expect(outcome).toBe("failed");
		expect(measured).toEqual({ tokens: 20, discovery: 20, keys: 20 });
		expect(detail).toBe(
			"for 20 honest tokens it fetched the discovery document 20 times and the keys 20 times",
		);
		expect(evidence).toHaveLength(21);
		expect(evidence[0]).toMatch(
			/GET \/\.well-known\/openid-configuration 200$/,
		);
		expect(evidence.at(-1)).toBe("and 20 more");
	});
});

describe("unknown-kid flood", () => {
	test("passes what keeps to its cache for a while", async () => {
		const verify = correct();
		let last = "";
		const patient: Verify = (token, place) => {
			const { kid } = headerOf(token);
			if (last !== "" && kid !== last) throw new Error("no such key, for now");
			last ||= kid;
			return verify(token, place);
		};
		const { outcome, measured } = await probe("unknown-kid-flood", patient);
		expect(outcome).toBe("passed");
		expect(measured).toEqual({ tokens: 20, keys: 0, accepted: 0 });
	});

	test("finds what fetches for each", async () => {
		const { outcome, measured, result } = await probe(
			"unknown-kid-flood",
			correct(),
		);
		expect(outcome).toBe("failed");
		expect(measured.keys).toBe(20);
		expect(result.findings[0]).toMatchObject({
			kind: "broken",
			level: "should",
			fails: false,
		});
	});
});

describe("replay", () => {
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

	test.for([
		["reject", once, "passed"],
		["reject", correct, "failed"],
		["accept", correct, "passed"],
		["accept", once, "reported"],
		[undefined, correct, "reported"],
	] as const)("policy %s: %o", async ([replay, make, expected]) => {
		const { outcome } = await probe("replay", make(), {
			policy: replay === undefined ? {} : { replay },
		});
		expect(outcome).toBe(expected);
	});
});

describe("leeway", () => {
	test("of none is measured as none", async () => {
		const { outcome, measured } = await probe("leeway", correct());
		expect(outcome).toBe("passed");
		expect(measured).toEqual({ exp: 0, nbf: 0, iat: 0 });
	});

	test("is measured to the second", async () => {
		const { outcome, measured } = await probe("leeway", withLeeway(90));
		expect(outcome).toBe("passed");
		for (const claim of ["exp", "nbf", "iat"]) {
			expect(Number(measured[claim])).toBeGreaterThanOrEqual(88);
			expect(Number(measured[claim])).toBeLessThanOrEqual(90);
		}
	});

	test("above five minutes, or above what the policy says, is found", async () => {
		const long = await probe("leeway", withLeeway(900));
		expect(long.outcome).toBe("failed");
		expect(Number(long.measured.exp)).toBeGreaterThan(890);
		const other = await probe("leeway", withLeeway(90), {
			policy: { leeway: 60 },
		});
		expect(other.outcome).toBe("failed");
		expect(other.detail).toContain("the policy says 60, 60 and 60 s");
		const same = await probe("leeway", withLeeway(90), {
			policy: { leeway: 90 },
		});
		expect(same.outcome).toBe("passed");
	});

	test("without a limit is found", async () => {
		const { outcome, measured } = await probe("leeway", () => true);
		expect(outcome).toBe("failed");
		expect(measured).toEqual({
			exp: "no limit",
			nbf: "no limit",
			iat: "no limit",
		});
	});
});

describe("concurrency", () => {
	test("passes what keeps tokens apart", async () => {
		const { outcome, measured } = await probe("concurrency", correct());
		expect(outcome).toBe("passed");
		expect(measured).toMatchObject({
			tokens: 200,
			at_once: 200,
			different: 0,
		});
	});

	test("finds what mixes them up", async () => {
		const verify = correct();
		let shown = "";
		const mixed: Verify = async (token, place) => {
			shown ||= token; // the first of a burst stands for all
			await new Promise((resolve) => setImmediate(resolve));
			const judged = verify(shown, place);
			setImmediate(() => {
				shown = "";
			});
			return judged;
		};
		const { outcome, measured, result } = await probe("concurrency", mixed);
		expect(outcome).toBe("failed");
		expect(Number(measured.different)).toBeGreaterThan(0);
		expect(result.conclusion).toBe("findings");
	});
});

test("concurrency: what is only busy is no hole", async () => {
	const verify = correct();
	let under = 0;
	const busy: Verify = async (token, place) => {
		under += 1;
		try {
			if (under > 8) throw new Error("too many at once");
			await new Promise((resolve) => setImmediate(resolve));
			return await verify(token, place);
		} finally {
			under -= 1;
		}
	};
	const { outcome, result } = await probe("concurrency", busy);
	expect(outcome).toBe("failed");
	expect(result.findings[0]).toMatchObject({ kind: "broken", level: "should" });
	expect(result.conclusion).toBe("no-findings");
});

test("an RP that trusts whatever issuer a token names is found", async () => {
	const trusting: Verify = async (token, { audience }) => {
		const { iss } = payloadOf(token);
		const judge = relyingParty({
			issuer: iss,
			audience,
			now: () => Date.now() / 1000,
			patience: 10_000,
		});
		const fault = await judge(token);
		if (fault !== undefined) throw new Error(fault);
	};
	const { outcome, detail, measured, result } = await probe(
		"attacker-fetch",
		trusting,
	);
	expect(outcome).toBe("failed");
	expect(detail).toContain("it accepted the token of the attacker's iss");
	expect(measured).toEqual({ jku: 0, x5u: 0, iss: 2 });
	expect(result.conclusion).toBe("findings");
});

describe("attacker fetch", () => {
	test("passes what fetches from the issuer alone", async () => {
		const { outcome, measured } = await probe("attacker-fetch", correct());
		expect(outcome).toBe("passed");
		expect(measured).toEqual({ jku: 0, x5u: 0, iss: 0 });
	});

	test.for(["jku", "x5u", "iss"])("finds what follows %s", async (hint) => {
		const verify = correct();
		const curious: Verify = async (token, place) => {
			const url =
				hint === "iss"
					? `${payloadOf(token).iss}/.well-known/openid-configuration`
					: headerOf(token)[hint];
			if (url) await fetch(url);
			return verify(token, place);
		};
		const { outcome, measured, evidence, result } = await probe(
			"attacker-fetch",
			curious,
		);
		expect(outcome).toBe("failed");
		expect(measured[hint]).toBe(1);
		expect(evidence.join()).toContain("/_mock/attacker/");
		expect(result.findings[0]).toMatchObject({
			kind: "dangerous",
			fails: true,
		});
	});
});
