// Causes: each entry of the table is what a relying party with that one bug is told, and nothing else.
import { beforeAll, describe, expect, test } from "vitest";
import { frozenClock } from "../../../src/clock.js";
import { BUILT_IN, loadCatalogue } from "../../../src/scenario/catalogue.js";
import { type Mint, mintToken } from "../../../src/scenario/mint.js";
import { isTemplate } from "../../../src/scenario/near/template.js";
import type { WayName } from "../../../src/scenario/near/ways.js";
import type { Scenario } from "../../../src/scenario/schema.js";
import { checkGitLabClaims } from "../../../src/token/check-claims.js";
import { publishedKeys } from "../../../src/token/jwks.js";
import { generateKeySet } from "../../../src/token/keys.js";
import { RULE_IDS, type Rule } from "../../../src/token/rules.js";
import { verifyToken } from "../../../src/token/verify.js";
import { inferCauses } from "../../../src/verdict/cause/infer.js";
import { MISTAKES } from "../../../src/verdict/cause/mistakes.js";
import { type Expected, expectedOf } from "../../../src/verdict/expectation.js";
import { scenarioFinding } from "../../../src/verdict/finding.js";
import { nearMisses } from "../../../src/verdict/near/near-misses.js";
import { judgePolicy } from "../../../src/verdict/policy/judge.js";
import type { Policy } from "../../../src/verdict/policy/schema.js";
import { kindOf, weightOf } from "../../../src/verdict/severity.js";
import { strict } from "../near/sloppy.js";
import { BUGS, COMPARED, type Seen } from "./one-bug.js";

const NOW = 1_800_000_000;
const ISSUER = "https://gitlab.example.com";
const AUDIENCE = "https://rp.example.com";
const POLICY = {
	claims: {
		project_path: "my-group/my-project",
		ref: "main",
		ref_protected: "true",
	},
} satisfies Policy;

interface Shown extends Seen {
	scenario: Scenario;
	expected: Expected;
}
let shown: Shown[];

beforeAll(async () => {
	const keys = await generateKeySet();
	const catalogue = await loadCatalogue([BUILT_IN]);
	const mint: Mint = {
		...{ catalogue, keys, issuer: ISSUER, audience: AUDIENCE },
		...{ version: "19.1", plan: "ultimate", clock: frozenClock(NOW) },
	};
	const files = catalogue.all();
	const honest = await mintToken(mint, { scenario: "valid/baseline" });
	const bindings = { policy: POLICY, issuer: ISSUER, audience: AUDIENCE };
	const plain = files
		.filter((file) => !isTemplate(file))
		.map((scenario) => ({ scenario, base: scenario.id, wishes: {} }));
	const all = await Promise.all(
		[...plain, ...nearMisses(files, honest, bindings)].map(
			async ({ scenario, base, wishes }) => {
				const request = { scenario: base, blocks: wishes };
				const minted = await mintToken(mint, request).catch((error) => {
					if (error.code === "not_applicable") return undefined;
					throw error;
				});
				if (!minted) return [];
				const { publish, keys: change } =
					Object.values(scenario.instance?.faults ?? {})[0] ?? {};
				const published = (await publishedKeys(
					keys,
					publish,
					change === "empty" || change === "without-ours" ? undefined : change,
				)) as Seen["keys"];
				const around = {
					...{ issuer: ISSUER, audience: AUDIENCE, policy: POLICY },
					...{ keys: published, now: NOW },
				};
				const judge = (token: string) =>
					verifyToken(token, around).map(({ rule }) => rule);
				return {
					...minted,
					...{ scenario, keys: published, now: NOW },
					expected: expectedOf(scenario, minted, around),
					against: judge(minted.token),
					judge,
					faults: scenario.instance?.faults ?? {},
				};
			},
		),
	);
	shown = all.flat();
});

/** The causes that a relying party is told which lets in what `letsIn` says. */
function causesOf(
	letsIn: (seen: Shown) => boolean,
	isAsked: (id: string) => boolean = () => true,
) {
	const chosen = shown.filter(({ scenario }) => isAsked(scenario.id));
	const asked = chosen.map((seen) => {
		const { scenario, expected, token, header, claims } = seen;
		const outcome: "accepted" | "rejected" = letsIn(seen)
			? "accepted"
			: "rejected";
		const weight = weightOf(scenario, expected.rule);
		const kind = kindOf(expected.outcome, outcome, weight);
		const answer = { outcome, detail: "", duration: 0 } as const;
		const finding =
			kind &&
			scenarioFinding({
				...{ scenario, weight, kind, expected, answer, severity: {} },
				minted: { token, header, claims },
				...{ reproduce: "", showTokens: false },
			});
		const { outcome: wanted, breaks } = expected;
		const result = {
			...{ id: scenario.id, expected: wanted, outcome },
			breaks: [...breaks],
		};
		return { result, finding };
	});
	return inferCauses(
		asked.map(({ result }) => result),
		asked.flatMap(({ finding }) => finding ?? []),
	);
}

const fits = ({ claims }: Shown) => judgePolicy(claims, POLICY).length === 0;
const isRight = (seen: Shown) => seen.against.length === 0 && fits(seen);
const ids = (causes: ReturnType<typeof causesOf>) => causes.map(({ id }) => id);

test("a relying party that does as it should is told nothing", () => {
	expect(causesOf(isRight)).toEqual([]);
});

describe("a check that is not made", () => {
	test.for(RULE_IDS)("%s", (rule) => {
		const found = causesOf(
			(seen) =>
				seen.against.every((one) => (one as string) === rule) && fits(seen),
		);
		// Of some checks the specs leave it open, or GitLab itself would have to err: they are notes.
		const isNoted = ["type", "issued-at"].includes(rule);
		expect(ids(found)).toEqual(isNoted ? [] : [`${rule}-unchecked`]);
		for (const { findings, example } of found)
			expect(findings).toContain(example);
	});

	test.for(["project_path", "ref", "ref_protected"] as const)("%s", (claim) => {
		const { [claim]: _, ...claims } = POLICY.claims;
		const found = causesOf(
			(seen) =>
				seen.against.length === 0 &&
				judgePolicy(seen.claims, { claims }).length === 0,
		);
		expect(ids(found)).toEqual([`claim:${claim}-unchecked`]);
		expect(found[0]?.sentence).toBe(`${claim} is not checked.`);
	});

	test("no signature is verified: one cause, and not one for key and algorithm too", () => {
		const found = causesOf(
			(seen) =>
				seen.against.every((rule) =>
					["algorithm", "key", "signature"].includes(rule),
				) && fits(seen),
		);
		expect(ids(found)).toEqual(["signature-unchecked"]);
	});

	test("nothing at all is", () => {
		const found = ids(causesOf(() => true));
		expect(found).toContain("signature-unchecked");
		expect(found).toContain("audience-unchecked");
		expect(found).toContain("claim:ref-unchecked");
		expect(found.length).toBeLessThan(20);
	});
});

/** A person's token has no project to compare, a list is none. */
const WITHOUT_POLICY = new Set(["sign-in-token", "list-for-text"]);

test("every mistake has a relying party that makes it", () => {
	// What is left over of a check has no bug of its own: it is where none of the others fits.
	const rest = ["exp-without-sense"];
	expect([...Object.keys(BUGS), ...rest].sort()).toEqual(
		Object.keys(MISTAKES).sort(),
	);
});

describe("a mistake in one check", () => {
	test.for(Object.keys(BUGS))("%s", (bug) => {
		const found = causesOf(
			(seen) =>
				isRight(seen) ||
				// A person's token has no project to compare.
				((fits(seen) || WITHOUT_POLICY.has(bug)) && BUGS[bug]?.(seen) === true),
		);
		expect(ids(found)).toEqual([bug]);
		expect(MISTAKES).toHaveProperty(bug);
	});
});

/** Whether it is dangerous to let that near miss in. */
const isTold = (id: string) =>
	shown.some(
		({ scenario, expected }) =>
			scenario.id.startsWith(id) &&
			kindOf(
				expected.outcome,
				"accepted",
				weightOf(scenario, expected.rule),
			) === "dangerous",
	);

/** What speaks against a token beside one claim. */
function againstOthers(seen: Shown, name: string, wanted: unknown) {
	const rules: Rule[] = seen.against.filter((rule) => rule !== "claims");
	checkGitLabClaims({ ...seen.claims, [name]: wanted }, (rule) => {
		if (seen.against.includes("claims")) rules.push(rule);
	});
	return rules;
}

describe.for(["project_path", "ref", "iss", "aud"] as const)(
	"%s compared",
	(name) => {
		const wanted = {
			...POLICY.claims,
			...{ iss: ISSUER, aud: AUDIENCE },
		}[name];
		const check =
			name === "iss" ? "issuer" : name === "aud" ? "audience" : `claim:${name}`;
		const rule = name === "iss" ? "issuer" : name === "aud" ? "audience" : "";

		const ways = (Object.keys(COMPARED) as WayName[]).filter(
			(way) => name === "project_path" || !way.endsWith("-segment"),
		);
		test.for(ways)("by %s", (way) => {
			const compare = COMPARED[way] ?? strict;
			const others = Object.entries(POLICY.claims).filter(
				([other]) => other !== name,
			);
			const found = causesOf(
				(seen) =>
					isRight(seen) ||
					(againstOthers(seen, name, wanted).every(
						(one) => (one as string) === rule,
					) &&
						others.every(([other, value]) =>
							strict(seen.claims, other, value),
						) &&
						compare(seen.claims, name, wanted)),
			);
			// A list with the wanted text in it has a mistake of its own.
			const known = ids(found).filter((id) => id !== "list-for-text");
			// Some ways mean nothing for this value, and none is told then.
			if (known.length === 0) {
				expect(isTold(`near/${way}:${name}`)).toBe(false);
				return;
			}
			// A job's token without the claim is refused by a rule: that the claim is looked at does not show.
			const isHidden = way === "truthy" && rule === "";
			// Without a dot in it, a pattern is a text.
			const isPlain = way === "unanchored-pattern" && !wanted.includes(".");
			const told = isHidden ? "unchecked" : isPlain ? "substring" : way;
			expect(known).toEqual([`${check}-${told}`]);
		});
	},
);

describe("a run that asks little says no more than it saw", () => {
	const causes = (only: RegExp) =>
		causesOf(
			({ scenario }) => only.test(scenario.id),
			(id) => only.test(id),
		).map(({ id }) => id);
	test.for<[string, RegExp, string[]]>([
		["one near miss", /^near\/prefix:ref$/, ["claim:ref-in-part"]],
		[
			"what one comparison lets in",
			/^(near\/prefix:project_path|project\/path-prefix)$/,
			["claim:project_path-in-part"],
		],
		["one algorithm", /^algorithm\/ps256$/, ["algorithm/ps256"]],
		[
			"what one mistake lets in",
			/^algorithm\/(rs384|rs512)$/,
			["algorithm/rs384", "algorithm/rs512"],
		],
		["one time", /^time\/exp-missing$/, ["time/exp-missing"]],
		["one signature", /^signature\/zeros$/, ["signature/zeros"]],
		["a family", /^signature\//, ["signature-unchecked"]],
	])("%s", ([, only, wanted]) => {
		expect(causes(only).sort()).toEqual(wanted);
	});
	test("what GitLab issues is the example", () => {
		const [cause] = causesOf(({ expected: { breaks } }) =>
			breaks.every((check) => check === "claim:ref_protected"),
		);
		expect(cause?.example).toBe("ref/same-ref-unprotected");
	});
});
