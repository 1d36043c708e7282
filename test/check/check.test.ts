// What a check concludes: of a correct relying party, of one with each check left out, and of runs that prove nothing.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeJwt } from "jose";
import { afterAll, describe, expect, test } from "vitest";
import {
	type CheckOptions,
	type CheckResult,
	checkRelyingParty,
	MockError,
	RULES,
	type Rule,
	startGitLab,
} from "../../src/index.js";
import { BUILT_IN, loadCatalogue } from "../../src/scenario/catalogue.js";
import { isTemplate } from "../../src/scenario/near/template.js";
import type { Scenario } from "../../src/scenario/schema.js";
import { correctParty } from "../correct-party.js";
import { type Check, relyingParty } from "../rp.js";

const BOUND = {
	project_path: "my-group/my-project",
	ref: "main",
	ref_protected: "true",
};

const PATIENCE = 500; // milliseconds that the issuer's answer may take

/** The correct one, with one check left out. */
const party = (omit?: Check | "policy") =>
	correctParty({
		patience: PATIENCE,
		omit: omit === "policy" ? undefined : omit,
	});

const run = (
	options: Partial<CheckOptions>,
	omit?: Check | "policy",
): Promise<CheckResult> =>
	checkRelyingParty({ ...party(omit), skip: ["probe"], ...options });
const idsOf = ({ findings }: CheckResult, kind: string) =>
	findings.filter((finding) => finding.kind === kind).map(({ id }) => id);

describe("a correct relying party", () => {
	test("conforms, and is asked everything that applies", async () => {
		const result = await run({});
		expect(result.reason).toBeNull();
		expect(result.findings).toEqual([]);
		expect(result.conclusion).toBe("no-findings");
		expect(result.controls.sent).toBeGreaterThanOrEqual(7);
		expect(result.controls.accepted).toBe(result.controls.sent);
		expect(result.notes.join()).toContain("The policy requires nothing");
		const left = result.scenarios.filter(
			({ outcome }) => outcome === "not-applicable",
		);
		// Of the families of claims, what the policy or this job leaves out. It refuses HS256 before it looks for a key, so that the keys are not seen.
		expect(
			left
				.map(({ id }) => id)
				.filter((id) => !/^(claims|project|ref|environment|near)\//.test(id)),
		).toEqual([
			"algorithm/hs256-symmetric-key-in-jwks",
			// No policy tells a job's token from a person's.
			"token-type/access-token",
			"token-type/logout-token",
			"token-type/sign-in-token",
		]);
		const broken = result.scenarios.filter(
			({ outcome }) => outcome === "broken",
		);
		expect(broken).toEqual([]);
	});
});

describe("without the check", async () => {
	const rules = Object.keys(RULES) as Rule[];
	const scenarios = (await loadCatalogue([BUILT_IN])).all();
	/** The rule's own, and a share of the others: of all rules together every other one is asked. test/rp.test.ts asks each of each. */
	const askedOf = (rule: Rule) => {
		const isOwn = (scenario: Scenario) => scenario.rule === rule;
		const others = scenarios.filter((one) => !isOwn(one) && !isTemplate(one));
		const share = others.filter(
			(_, index) => index % rules.length === rules.indexOf(rule),
		);
		const ids = [...scenarios.filter(isOwn), ...share].map(({ id }) => id);
		return ["issuer", "audience", "claims"].includes(rule)
			? [...ids, "near"]
			: ids;
	};
	test.for(rules)(
		"%s, that rule's scenarios are found, and no others",
		async (rule) => {
			const policy = {
				required: ["project_path", "ref", "ref_protected", "jti"],
			};
			// Those that only wait are asked above.
			const skip = ["probe", "*-timeout", "instance/jwks-slow-drip"];
			const only = askedOf(rule);
			const result = await run({ policy, only, skip }, rule);
			const isLetIn = ({ kind }: { kind: string }) =>
				kind === "dangerous" || kind === "note";
			const found = result.findings.filter(isLetIn);
			expect(found.length).toBeGreaterThan(0);
			// Where the check on claims is left out, the policy that demands them says so.
			const isOfPolicy = rule === "claims" || rule === "token-type";
			const expected = isOfPolicy ? [rule, "policy"] : [rule];
			expect(
				found.filter((finding) => !expected.includes(String(finding.rule))),
			).toEqual([]);
			const asked = result.scenarios.filter(
				(scenario) => scenario.rule === rule,
			);
			expect(asked.filter(({ outcome }) => outcome !== "accepted")).toEqual([]);
			expect(result.findings.filter((one) => !isLetIn(one))).toEqual([]);
			const isForbidden = found.some(({ fails }) => fails);
			// Each but three has a token that gets somebody in who should not.
			const isHarmless = ["type", "critical", "issued-at"].includes(rule);
			expect(isForbidden).toBe(!isHarmless);
			expect(result.conclusion).toBe(isForbidden ? "findings" : "no-findings");
		},
	);
});

describe("the policy", () => {
	test("decides on genuine tokens; an RP that ignores it is found", async () => {
		const result = await run({ policy: { claims: BOUND } }, "policy");
		const found = idsOf(result, "dangerous");
		expect(found).toContain("project/other-project");
		expect(found).toContain("ref/unprotected-branch");
		expect(found).toContain("ref/protected-tag");
		expect(found).not.toContain("valid/aud-list-of-one");
		expect(result.conclusion).toBe("findings");
		const [finding] = result.findings.filter(
			({ id }) => id === "project/other-project",
		);
		expect(finding).toMatchObject({
			rule: "policy",
			fails: true,
			gain: "A genuine job or person gets in although the policy does not allow it.",
		});
	});

	test("that is stricter than the RP is told of the RP's side", async () => {
		const strict = party();
		const result = await checkRelyingParty({
			...strict,
			skip: ["probe"],
			only: ["project", "valid/baseline"],
			async verify(token, place) {
				await strict.verify(token, place);
				const [, payload = ""] = token.split(".");
				const { project_path } = JSON.parse(
					Buffer.from(payload, "base64url").toString(),
				);
				if (project_path !== "my-group/my-project") throw new Error("project");
			},
		});
		expect(idsOf(result, "too-strict")).toContain("project/other-project");
		expect(idsOf(result, "dangerous")).toEqual([]);
	});

	test("is met by a job of the user's own", async () => {
		const result = await run(
			{
				job: { project: { path: "acme/app" }, ref: "stable" },
				policy: { claims: { project_path: "acme/app" } },
				only: ["project", "valid"],
			},
			"policy",
		);
		const found = idsOf(result, "dangerous");
		expect(found).toContain("project/path-prefix"); // acme/app-evil
		expect(found).not.toContain("project/public");
		expect(idsOf(result, "too-strict")).toEqual([]);
	});
});

describe("a run proves nothing", () => {
	test("where the honest token is refused at the start", async () => {
		const result = await checkRelyingParty({
			verify: () => false,
		});
		expect(result.conclusion).toBe("proves-nothing");
		expect(result.reason).toMatch(
			/^The honest token was rejected at the start/,
		);
		expect(result.scenarios.map(({ outcome }) => outcome)).not.toContain(
			"rejected",
		);
		expect(result.findings).toMatchObject([
			{ id: "control", kind: "unproven", fails: true },
		]);
		expect(result.controls).toEqual({ sent: 1, accepted: 0 });
	});

	test("where it is refused later on", async () => {
		const correct = party();
		let asked = 0;
		const result = await checkRelyingParty({
			...correct,
			concurrency: 1,
			verify(token, place) {
				asked += 1;
				if (asked > 30) throw new Error("tired");
				return correct.verify(token, place);
			},
		});
		expect(result.conclusion).toBe("proves-nothing");
		expect(result.reason).toMatch(/after it was accepted (once|\d+ times)/);
	});
});

test("what accepts everything is found by everything", async () => {
	const result = await checkRelyingParty({
		verify: () => true,
		skip: ["probe"],
	});
	expect(result.conclusion).toBe("findings");
	const rejected = result.scenarios.filter(
		({ expected }) => expected === "rejected",
	);
	const letIn = [...idsOf(result, "dangerous"), ...idsOf(result, "note")];
	expect(letIn).toHaveLength(rejected.length);
	expect(rejected.length).toBeGreaterThan(180);
});

test("what hangs, or goes down, is broken and never rejected", async () => {
	const correct = party();
	let isDown = false;
	const result = await checkRelyingParty({
		limits: { timeout: 0.2 },
		only: ["time"],
		restart() {
			isDown = false;
			correct.restart?.();
		},
		verify(token, place) {
			if (place.scenario === "time/expired") isDown = true;
			return isDown
				? new Promise(() => undefined)
				: correct.verify(token, place);
		},
	});
	expect(idsOf(result, "broken")).toEqual(["time/expired"]);
	expect(result.findings).toHaveLength(1);
	expect(result.findings[0]).toMatchObject({
		fails: true,
		actual: "hung: no answer within 0.2 s",
	});
	expect(result.conclusion).toBe("findings");
});

describe("levels", () => {
	test("hygiene fails only with strict, must that costs something always, may of hygiene never", async () => {
		const only = ["header/crit-unknown"];
		const plain = await run({ only }, "critical");
		expect(plain.findings).toHaveLength(1);
		expect(plain.findings[0]).toMatchObject({
			kind: "dangerous",
			level: "must",
			impact: "hygiene",
			fails: false,
		});
		expect(plain.conclusion).toBe("no-findings");
		const strict = await run({ only, strict: true }, "critical");
		expect(strict.findings[0]?.fails).toBe(true);
		expect(strict.conclusion).toBe("findings");
		const named = await run({ only, failOn: ["hygiene"] }, "critical");
		expect(named.conclusion).toBe("findings");
		const must = await run({ only: ["time/expired"] }, "expiry");
		expect(must.findings[0]).toMatchObject({ impact: "replay", fails: true });
		expect(must.conclusion).toBe("findings");
		const may = await run(
			{ only: ["encoding/utf-8-bom"], strict: true },
			"shape",
		);
		expect(may.findings).toHaveLength(1);
		expect(may.findings[0]).toMatchObject({ kind: "note", fails: false });
		expect(
			may.scenarios.find(({ id }) => id === "encoding/utf-8-bom"),
		).toMatchObject({ outcome: "accepted", passed: true });
		expect(may.conclusion).toBe("no-findings");
	});

	test("leave out what is weaker, and kinds what is not to fail", async () => {
		const all = await run({ only: ["header"], level: "must" }, "type");
		expect(all.findings).toEqual([]);
		const skipped = all.scenarios.find(({ id }) => id === "header/typ-other");
		expect(skipped).toMatchObject({
			outcome: "skipped",
			detail: "its level is may",
		});
		const lenient = await run(
			{ only: ["time/expired"], failOn: ["broken", "forgery"] },
			"expiry",
		);
		expect(lenient.findings).toHaveLength(1);
		expect(lenient.conclusion).toBe("no-findings");
		const named = await run(
			{ only: ["time/expired"], failOn: ["replay"] },
			"expiry",
		);
		expect(named.conclusion).toBe("findings");
	});

	test("of a spec do not hide what the policy demands", async () => {
		const only = ["claims/sub-missing"];
		const open = await run({ only }, "claims");
		expect(open.findings[0]).toMatchObject({ kind: "note", fails: false });
		const policy = { required: ["sub"] };
		const bound = await run({ only, policy }, "claims");
		expect(bound.findings[0]).toMatchObject({
			kind: "dangerous",
			rule: "policy",
			level: "must",
			impact: "escalation",
			fails: true,
		});
		// true for "true": the value means what the policy means.
		const boolean = await run(
			{
				only: ["claims/ref-protected-boolean"],
				policy: { claims: { ref_protected: "true" } },
			},
			"claims",
		);
		expect(boolean.findings[0]).toMatchObject({ kind: "note", level: "may" });
	});

	test("are not asked of a person's token where no policy tells it from a job's", async () => {
		const only = ["token-type/sign-in-token"];
		const outcome = ({ scenarios }: CheckResult) =>
			scenarios.find(({ id }) => id === only[0])?.outcome;
		expect(outcome(await run({ only }))).toBe("not-applicable");
		const policy = { required: ["project_path"] };
		expect(outcome(await run({ only, policy }))).toBe("rejected");
	});
});

describe("known failures", () => {
	const known = (id: string) => [{ id, because: "ticket 4711" }];

	test("do not fail the run", async () => {
		const id = "time/expired";
		const result = await run(
			{ only: [id], knownFailures: known(id) },
			"expiry",
		);
		expect(result.findings).toHaveLength(1);
		expect(result.findings[0]).toMatchObject({ id, fails: false });
		expect(result.findings[0]?.why).toContain("ticket 4711");
		expect(result.scenarios.find((one) => one.id === id)?.known).toBe(true);
		expect(result.conclusion).toBe("no-findings");
	});

	test("that pass do, with the line to remove", async () => {
		const id = "time/expired";
		const result = await run({ only: [id], knownFailures: known(id) });
		expect(result.findings).toHaveLength(1);
		expect(result.findings[0]).toMatchObject({
			id,
			kind: "stale",
			fails: true,
		});
		expect(result.findings[0]?.why).toContain(
			"Remove the line with time/expired",
		);
		expect(result.conclusion).toBe("findings");
	});

	test("that were not asked do not, and unknown ones are told of", async () => {
		const result = await run({
			only: ["valid"],
			knownFailures: [...known("header/crit-unknown"), ...known("no/such")],
		});
		expect(result.findings).toEqual([]);
		expect(result.notes.join("\n")).toContain("known_failures names no/such");
	});
});

test("a policy's leeway is the RP's right, and no more", async () => {
	const lenient = (seconds: number): CheckOptions["verify"] => {
		let judge: ReturnType<typeof relyingParty> | undefined;
		return async (token, { issuer, audience }) => {
			const now = () => Date.now() / 1000 - seconds; // late for exp, early for nothing
			judge ??= relyingParty({
				issuer,
				audience,
				now,
				patience: PATIENCE,
				omit: "issued-at",
			});
			const fault = await judge(token);
			if (fault === "expiry" || fault === undefined) {
				if (fault) throw new Error(fault);
				return;
			}
			throw new Error(fault);
		};
	};
	const only = ["time/expired-a-minute-past-leeway"];
	const leeway = { exp: 600, nbf: 0, iat: 0 };
	// Its clock is 10 s behind, and so an honest token has not begun yet but for the 5 s of GitLab's nbf.
	const within = await checkRelyingParty({
		verify: lenient(4),
		only,
		policy: { leeway },
	});
	expect(idsOf(within, "too-strict")).toEqual(only);
	const none = await checkRelyingParty({ verify: lenient(4), only });
	expect(none.findings).toEqual([]);
});

describe("scenarios of one's own", () => {
	const folders: string[] = [];
	afterAll(() =>
		Promise.all(folders.map((folder) => rm(folder, { recursive: true }))),
	);

	test("are fired too", async () => {
		const folder = await mkdtemp(join(tmpdir(), "scenarios-"));
		folders.push(folder);
		await writeFile(
			join(folder, "ours.yaml"),
			"title: Our own\nexpect: reject\nrule: audience\nwhy: ours\nspec: [our policy]\ntoken:\n  claims: { aud: https://ours.test }\n",
		);
		const result = await run(
			{ only: ["ours"], scenarios: [folder] },
			"audience",
		);
		expect(idsOf(result, "dangerous")).toEqual(["ours"]);
		expect(result.findings[0]?.link).toBe("scenarios/README.md#rules");
	});
});

test("a GitLab that runs already is used, and left running", async () => {
	await using gitlab = await startGitLab();
	const result = await run({ gitlab, only: ["time"] });
	expect(result.issuer).toBe(gitlab.issuer);
	expect(result.conclusion).toBe("no-findings");
	expect(gitlab.faults.current()).toEqual({});
	expect(await gitlab.token()).toMatch(/^eyJ/);
});

test("tokens are cut in the result, unless they are asked for", async () => {
	const only = ["time/expired"];
	const cut = await run({ only }, "expiry");
	expect(cut.findings[0]?.token?.length).toBeLessThan(40);
	const whole = await run({ only, showTokens: true }, "expiry");
	expect(whole.findings[0]?.token?.split(".")).toHaveLength(3);
	expect(JSON.stringify(cut)).not.toContain(whole.findings[0]?.token);
});

test("progress is told, to the end", async () => {
	const seen: [number, number][] = [];
	const waited = new Set<string>();
	await run({
		only: ["time"],
		onProgress: ({ done, total, waiting }) => {
			seen.push([done, total]);
			for (const one of waiting) waited.add(one);
		},
	});
	const [done, total] = seen.at(-1) ?? [];
	expect(done).toBe(total);
	const steps = [...new Set(seen.map(([number]) => number))];
	expect(steps).toEqual(steps.map((_, index) => (steps[0] ?? 0) + index));
	expect(waited).toContain("the honest token to be accepted");
});

describe("a choice that means nothing", () => {
	test.for<[Partial<CheckOptions>, string]>([
		[{ only: ["tiem"] }, 'only: no scenario or probe is called "tiem"'],
		[{ skip: ["tiem/*"] }, 'skip: no scenario or probe is called "tiem/*"'],
		[{ only: "time" as never }, "only: Invalid input"],
		[{ failOn: ["danger" as never] }, "failOn.0: Invalid option"],
		[{ concurrency: 0 }, "concurrency: Too small"],
	])("%o is refused", async ([options, message]) => {
		await expect(run(options)).rejects.toMatchObject({
			code: "invalid_option",
			message: expect.stringContaining(message),
		});
	});

	test("or leaves nothing to ask proves nothing", async () => {
		const result = await run({ only: ["time"], skip: ["time"] });
		expect(result.conclusion).toBe("proves-nothing");
		expect(result.reason).toMatch(/^Nothing was asked/);
	});
});

test("a policy that refuses the job that the profile calls honest is told of", async () => {
	const result = await run({
		policy: { claims: { project_path: "acme/app" } },
	});
	expect(result.conclusion).toBe("proves-nothing");
	expect(result.reason).toMatch(/^The profile contradicts itself: .*acme\/app/);
});

describe("algorithms that the policy takes", () => {
	const policy = { algorithms: ["RS256", "RS384", "PS256", "ES256", "HS256"] };
	const only = ["algorithm", "valid/baseline"];
	/** Takes what it knows nothing of without a look at the signature. */
	const lax: CheckOptions["verify"] = async (token, place) => {
		const [head = ""] = token.split(".");
		const { alg } = JSON.parse(Buffer.from(head, "base64url").toString());
		if (policy.algorithms.includes(alg) && alg !== "RS256") return true;
		return party().verify(token, place);
	};

	test("have to be used well", async () => {
		const result = await checkRelyingParty({
			verify: lax,
			only,
			policy,
			restart: () => {},
		});
		const found = idsOf(result, "dangerous");
		expect(found).toContain("algorithm/es256-all-zero-signature");
		expect(found).toContain("algorithm/rs256-says-es256");
		expect(found).toContain("algorithm/hs256-public-key");
		expect(found).not.toContain("algorithm/rs384");
		expect(found).not.toContain("algorithm/es256-with-published-ec-key");
		expect(result.conclusion).toBe("findings");
	});

	test("need not be taken", async () => {
		const result = await run({ only, policy });
		expect(result.findings).toEqual([]);
		expect(
			result.scenarios.find(({ id }) => id === "algorithm/ps256")?.expected,
		).toBe("either");
	});
});

test("a known failure covers nothing worse than was known", async () => {
	const id = "time/expired";
	const listed = (kind: "too-strict" | "broken" | "dangerous") =>
		run(
			{ only: [id], knownFailures: [{ id, because: "4711", kind }] },
			"expiry",
		);
	expect((await listed("dangerous")).conclusion).toBe("no-findings");
	expect((await listed("broken")).conclusion).toBe("findings");
});

test("a known failure covers a crash only where it says so", async () => {
	const id = "time/expired";
	const listed = (kind?: "broken") => {
		const { verify } = party();
		return checkRelyingParty({
			...{ limits: { timeout: 0.3 }, only: [id, "valid/baseline"] },
			verify: (token, place) =>
				place.scenario === id
					? new Promise(() => undefined)
					: verify(token, place),
			knownFailures: [{ id, because: "4711", ...(kind && { kind }) }],
		});
	};
	const known = await listed();
	expect(known.reason).toBeNull();
	expect(known.conclusion).toBe("findings");
	expect(await listed("broken")).toMatchObject({
		reason: null,
		conclusion: "no-findings",
	});
});

test("what the policy itself demands is a must", async () => {
	const only = ["valid/aud-list-with-ours-last", "valid/baseline"];
	const policy = { audience: "single" as const };
	const result = await run({ only, policy });
	expect(result.findings).toHaveLength(1);
	expect(result.findings[0]).toMatchObject({
		kind: "dangerous",
		rule: "policy",
		level: "must",
	});
	expect(result.conclusion).toBe("findings");
});

describe("a list of audiences", () => {
	const only = ["valid/aud-list-with-ours-*", "valid/baseline"];
	type Look = (list: string[], ours: string) => boolean;
	/** The correct one, which sees of a list what it looks at. */
	const looking = (isFine: Look): CheckOptions["verify"] => {
		const { verify } = party();
		return async (token, place) => {
			await verify(token, place);
			const { aud } = decodeJwt(token);
			if (!isFine([aud ?? []].flat(), place.audience))
				throw new Error("audience");
		};
	};
	const anywhere: Look = (list, ours) => list.includes(ours);
	const alone: Look = (list, ours) => list.length === 1 && list[0] === ours;
	const first: Look = (list, ours) => list[0] === ours;
	const last: Look = (list, ours) => list.at(-1) === ours;
	const check = (look: Look, audience?: "single") =>
		run({ verify: looking(look), only, policy: { audience } });
	const told = ({ notes }: CheckResult) =>
		notes.filter((note) => note.includes("an array of audiences"));

	test.for([
		["anywhere", anywhere],
		["alone", alone],
	] as const)("may be taken or refused: %s", async ([, look]) => {
		const result = await check(look);
		expect(result.findings).toEqual([]);
		expect(told(result)).toEqual([]);
	});

	test.for([
		["first", first],
		["last", last],
	] as const)(
		"of which it looks at the %s alone is a note",
		async ([where, look]) => {
			const result = await check(look);
			expect(result.findings).toEqual([]);
			expect(told(result)).toHaveLength(1);
			expect(told(result)[0]).toContain(`checks only the ${where} entry`);
		},
	);

	test.for([
		["first", first, ["valid/aud-list-with-ours-first"]],
		["last", last, ["valid/aud-list-with-ours-last"]],
		["none", alone, []],
	] as const)("where one's own alone is wanted: %s", async ([, look, ids]) => {
		const result = await check(look, "single");
		expect(idsOf(result, "dangerous")).toEqual(ids);
		expect(told(result)).toEqual([]);
	});
});

test("tokens that take an RP down for good are named", async () => {
	const correct = party();
	let isDown = false;
	const result = await checkRelyingParty({
		limits: { timeout: 0.2, refresh: 0.5 },
		only: ["algorithm", "signature", "time"],
		verify(token, place) {
			if (place.scenario === "time/expired") isDown = true;
			return isDown
				? new Promise(() => undefined)
				: correct.verify(token, place);
		},
	});
	expect(result.conclusion).toBe("findings");
	expect(idsOf(result, "unproven")).toEqual(["control"]);
	expect(result.reason).toMatch(
		/^One of these tokens crashed the RP, .*time\/expired/,
	);
	expect(idsOf(result, "broken")).toContain("time/expired");
	expect(result.scenarios.some(({ outcome }) => outcome === "rejected")).toBe(
		true,
	);
});

test("an RP that cannot be started anew ends the run, not the report", async () => {
	const correct = party();
	const result = await run({
		...correct,
		only: ["time", "instance/jwks-500"],
		restart() {
			throw new MockError("unreachable", "the lock is held");
		},
	});
	expect(result.conclusion).toBe("proves-nothing");
	expect(result.reason).toContain("the lock is held");
	expect(
		result.scenarios.filter(({ outcome }) => outcome === "rejected").length,
	).toBeGreaterThan(10);
});

test("an RP that is not ready yet is waited for", async () => {
	const correct = party();
	const begun = performance.now();
	const result = await run({
		...correct,
		only: ["time"],
		limits: { timeout: 0.1, start: 5 },
		verify: (token, place) =>
			performance.now() - begun < 400
				? new Promise(() => undefined)
				: correct.verify(token, place),
	});
	expect(result.conclusion).toBe("no-findings");
});
