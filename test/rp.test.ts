// Laws of the catalogue, with a relying party that is not ours: the right verdicts, and each check is missed where it is left out.
import { afterAll, describe, expect, test } from "vitest";
import type { Scenario } from "../src/scenario/schema.js";
import { type GitLab, startGitLab } from "../src/server/start-gitlab.js";
import { RULE_IDS } from "../src/token/rules.js";
import { type Check, fetchJson, relyingParty } from "./rp.js";
import { isApplicable } from "./scenario-token.js";

// Milliseconds: an instance that withholds its documents costs as much, any other answers at once.
const PATIENCE = { withheld: 100, else: 30_000 };
const AUDIENCE = "https://rp.example.com";

const gitlab = await startGitLab();
afterAll(() => gitlab.close());
/** Those that can be made of the built-in job. */
const all = gitlab.scenarios.filter((scenario) => isApplicable(scenario));

interface Case {
	scenario: Scenario;
	/** plays the scenario, and nothing else */
	issuer: GitLab;
	token: string;
	/** what a relying party would fetch, fetched once for all that forget a check */
	fetched: typeof fetchJson;
}

function fetchedOnce(): typeof fetchJson {
	const documents = new Map<string, ReturnType<typeof fetchJson>>();
	return (url, patience) => {
		const document = documents.get(url) ?? fetchJson(url, patience);
		documents.set(url, document);
		return document;
	};
}

/** Each scenario on an instance that it has to itself, so that every relying party begins with a cold cache. */
const cases: Case[] = await Promise.all(
	all.map(async (scenario) => {
		const issuer = await gitlab.instance({ scenario: scenario.id });
		issuer.clock.freeze();
		const token = await issuer.token();
		return { scenario, issuer, token, fetched: fetchedOnce() };
	}),
);

const withholds = ({ instance }: Scenario) =>
	Object.values(instance?.faults ?? {}).some(
		({ delay, drip }) => delay || drip,
	);

const judge = ({ scenario, issuer, token, fetched }: Case, omit?: Check) =>
	relyingParty({
		issuer: issuer.issuer,
		audience: AUDIENCE,
		now: () => issuer.clock.now(),
		patience: withholds(scenario) ? PATIENCE.withheld : PATIENCE.else,
		omit,
		fetchJson: omit && fetched,
	})(token);

describe("a correct relying party", () => {
	test.concurrent.for(cases)("is right about $scenario.id", async (one) => {
		const { expect: expected, rule } = one.scenario;
		const fault = await judge(one);
		if (expected === "accept" || expected === "policy") {
			expect(fault).toBeUndefined();
		} else if (expected === "reject") {
			expect(fault).toBe(rule);
		}
	});
});

describe("the scenarios that a relying party fails", () => {
	test.for(RULE_IDS)(
		"without the check %s are those of its rule",
		async (rule) => {
			const accepted = await Promise.all(
				cases.map(async (one) => ({
					id: one.scenario.id,
					fault: await judge(one, rule),
					scenario: one.scenario,
				})),
			);
			const wronglyAccepted = accepted
				.filter(({ scenario, fault }) => scenario.expect === "reject" && !fault)
				.map(({ id }) => id);
			const ofTheRule = all
				.filter((scenario) => scenario.rule === rule)
				.map(({ id }) => id);
			expect(ofTheRule.length).toBeGreaterThan(0);
			expect(wronglyAccepted).toEqual(ofTheRule);

			const wronglyRejected = accepted
				.filter(
					({ scenario, fault }) =>
						/^(accept|policy)$/.test(scenario.expect) && fault,
				)
				.map(({ id }) => id);
			expect(wronglyRejected).toEqual([]);
		},
	);
});

test("a relying party that fetches what a token tells it to is seen", async () => {
	const issuer = await gitlab.instance();
	const { header } = await issuer.mint("key/jku-to-attacker");
	expect(header.jku).toBe(`${issuer.issuer}/_mock/attacker/keys`);
	expect(issuer.requests.count("/_mock/attacker/keys")).toBe(0);
	await fetch(String(header.jku));
	expect(issuer.requests.count("/_mock/attacker/keys")).toBe(1);
});
