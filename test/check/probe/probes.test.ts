// Each probe, of a relying party that does as it should and of one that does not.
import { describe, expect, test } from "vitest";
import {
	type CheckOptions,
	type CheckResult,
	checkRelyingParty,
} from "../../../src/index.js";
import { relyingParty } from "../../rp.js";

type Verify = CheckOptions["verify"];

const REFRESH = 0.4; // seconds: what does not come at once does not come

/** The relying party of test/rp.ts; `cached: false` forgets the keys after every token. */
function correct({ cached = true, late = 0 } = {}): Verify {
	let judge: ReturnType<typeof relyingParty> | undefined;
	return async (token, { issuer, audience }) => {
		judge ??= relyingParty({
			issuer,
			audience,
			now: () => Date.now() / 1000 - late,
			patience: 1000,
		});
		const used = judge;
		if (!cached) judge = undefined;
		const fault = await used(token);
		if (fault !== undefined) throw new Error(fault);
	};
}

async function probe(
	id: string,
	verify: Verify,
	options: Partial<CheckOptions> = {},
): Promise<CheckResult["probes"][number] & { result: CheckResult }> {
	const result = await checkRelyingParty({
		verify,
		only: [`probe/${id}`],
		limits: { refresh: REFRESH },
		...options,
	});
	expect(result.reason).toBeNull();
	expect(result.probes.map((one) => one.id)).toEqual([`probe/${id}`]);
	return { ...(result.probes[0] as CheckResult["probes"][number]), result };
}

const payloadOf = (token: string) =>
	JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
const headerOf = (token: string) =>
	JSON.parse(Buffer.from(token.split(".")[0] ?? "", "base64url").toString());

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

	const withLeeway =
		(seconds: number): Verify =>
		async (token, { issuer, audience }) => {
			const now = Date.now() / 1000;
			const { exp, nbf, iat } = payloadOf(token);
			// Each claim is moved by the leeway before the strict one looks at it.
			const offset =
				exp <= now ? seconds : nbf > now || iat > now ? -seconds : 0;
			const judge = relyingParty({
				issuer,
				audience,
				now: () => now - offset,
				patience: 1000,
			});
			const fault = await judge(token);
			if (fault !== undefined && fault !== "not-before") throw new Error(fault);
			if (fault === "not-before" && offset <= 0) throw new Error(fault);
		};

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
		expect(measured).toMatchObject({ tokens: 200, different: 0 });
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
	expect(result.conclusion).toBe("conforms");
});

test("an RP that trusts whatever issuer a token names is found", async () => {
	const trusting: Verify = async (token, { audience }) => {
		const { iss } = payloadOf(token);
		const judge = relyingParty({
			issuer: iss,
			audience,
			now: () => Date.now() / 1000,
			patience: 1000,
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

describe("outage", () => {
	test("passes what goes on from its cache", async () => {
		const { outcome, measured } = await probe("outage", correct());
		expect(outcome).toBe("passed");
		expect(measured).toEqual({
			during: "accepted",
			unknown: "rejected",
			cold: "rejected",
			recovered: 0,
		});
	});

	test("finds what is down with its issuer", async () => {
		const { outcome, measured } = await probe(
			"outage",
			correct({ cached: false }),
		);
		expect(outcome).toBe("failed");
		expect(measured).toMatchObject({ during: "rejected", recovered: 0 });
	});

	test("finds what opens its doors", async () => {
		const verify = correct({ cached: false });
		const open: Verify = async (token, place) => {
			const answer = await fetch(`${place.issuer}/oauth/discovery/keys`);
			return answer.ok ? verify(token, place) : true;
		};
		const { outcome, measured, result } = await probe("outage", open);
		expect(outcome).toBe("failed");
		expect(measured.unknown).toBe("accepted");
		expect(result.findings[0]).toMatchObject({
			kind: "dangerous",
			level: "must",
			fails: true,
		});
	});
});

/** Fetches the keys once, and never again. */
function stubborn(): Verify {
	let keys: string | undefined;
	const verify = correct();
	return async (token, place) => {
		keys ??= await (await fetch(`${place.issuer}/oauth/discovery/keys`)).text();
		if (!keys.includes(headerOf(token).kid)) throw new Error("unknown key");
		return verify(token, place);
	};
}

describe("rotation", () => {
	test("passes what fetches a new key", async () => {
		const { outcome, measured } = await probe("rotation", correct());
		expect(outcome).toBe("passed");
		expect(measured.seconds).toBe(0);
	});

	test("finds what never does, and voids nothing else", async () => {
		const { outcome, detail, result } = await probe("rotation", stubborn());
		expect(outcome).toBe("failed");
		expect(detail).toBe(
			"a token by a new key was still refused after 0.4 seconds",
		);
		expect(result.notes.join()).toContain(
			"After the probes the honest token was still refused",
		);
		expect(result.conclusion).toBe("conforms"); // it is a should
	});
});

describe("retirement", () => {
	test("passes what has no cache", async () => {
		const { outcome, measured } = await probe(
			"retirement",
			correct({ cached: false }),
		);
		expect(outcome).toBe("passed");
		expect(measured).toEqual({ warm: "rejected" });
	});

	test("passes what trusts it no longer after a restart", async () => {
		let verify = correct();
		const { outcome, measured } = await probe(
			"retirement",
			(token, place) => verify(token, place),
			{
				restart() {
					verify = correct();
				},
			},
		);
		expect(outcome).toBe("passed");
		expect(measured).toEqual({ warm: "accepted", cold: "rejected" });
	});

	test("finds what trusts it even then", async () => {
		const seen = new Set<string>();
		const verify = correct({ cached: false });
		const faithful: Verify = async (token, place) => {
			const { kid } = headerOf(token);
			if (seen.has(kid)) return true;
			await verify(token, place);
			seen.add(kid);
			return true;
		};
		const { outcome, result } = await probe("retirement", faithful, {
			restart: () => undefined,
		});
		expect(outcome).toBe("failed");
		expect(result.findings[0]).toMatchObject({ kind: "dangerous" });
	});

	test("is only reported where nothing more can be seen", async () => {
		const { outcome, detail } = await probe("retirement", correct());
		expect(outcome).toBe("reported");
		expect(detail).toContain("cannot be seen here without --start");
	});
});
