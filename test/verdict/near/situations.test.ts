// Near misses for the jobs of users, with every claim bound: a genuine one is in order and breaks that claim, a forged one changes nothing else.
import { isDeepStrictEqual } from "node:util";
import { expect, test } from "vitest";
import { LATEST_VERSION } from "../../../src/gitlab/version.js";
import { adjust } from "../../../src/scenario/adjust.js";
import { BUILT_IN, loadCatalogue } from "../../../src/scenario/catalogue.js";
import { compile } from "../../../src/scenario/compile.js";
import { blocksOf } from "../../../src/scenario/near/blocks.js";
import { parseNearId } from "../../../src/scenario/near/id.js";
import { isTemplate } from "../../../src/scenario/near/template.js";
import {
	checkGitLabClaims,
	otherKind,
} from "../../../src/token/check-claims.js";
import { nearMisses } from "../../../src/verdict/near/near-misses.js";
import { judgePolicy } from "../../../src/verdict/policy/judge.js";
import type { Policy } from "../../../src/verdict/policy/schema.js";
import { PROFILES } from "../../situations.js";

const catalogue = await loadCatalogue([BUILT_IN]);
const baseline = catalogue.find("valid/baseline");
const UNBOUND = /^(iss|aud|jti|iat|nbf|exp|groups_direct)$/;

const different = (one: object, other: object) => {
	const [a, b] = [new Map(Object.entries(one)), new Map(Object.entries(other))];
	return [...new Set([...a.keys(), ...b.keys()])].filter(
		(name) =>
			name !== "jti" &&
			JSON.stringify(a.get(name)) !== JSON.stringify(b.get(name)),
	);
};

test.for(Object.entries(PROFILES))("%s", ([, { issuer, audience, job }]) => {
	const claimsOf = (blocks: unknown) =>
		compile(adjust(baseline, blocks, []), {
			issuer,
			audience,
			version: LATEST_VERSION,
			plan: "ultimate",
			now: 1_800_000_000,
			baseline: job,
		}).payload as Record<string, unknown>;
	const honest = claimsOf({});
	const bound = Object.entries(honest).filter(
		([name, value]) => !UNBOUND.test(name) && value !== null,
	) as [string, string | number][];
	const policy: Policy = { claims: Object.fromEntries(bound) };
	const bindings = { policy, issuer, audience };
	const misses = nearMisses(catalogue.all(), { claims: honest }, bindings);
	expect(misses.length).toBeGreaterThan(10 * bound.length);
	const genuine = misses.filter(({ scenario }) => scenario.expect === "policy");
	expect(genuine.length).toBeGreaterThan(60);
	const wrong: unknown[] = []; // asked once for all: there are thousands
	for (const { scenario } of misses) {
		const { job, token } = scenario;
		const wishes = JSON.parse(JSON.stringify({ job, token }));
		const claims = claimsOf(wishes);
		const { claim = "" } = parseNearId(scenario.id) ?? {};
		const changed = different(claims, honest);
		if (scenario.expect === "policy") {
			const faults: string[] = [];
			checkGitLabClaims(claims, (_, fault) => faults.push(fault));
			const other = otherKind(claims);
			if (faults.length > 0 || other !== undefined)
				wrong.push([scenario.id, faults, other]);
			const wanted = honest[claim] as string;
			const unmet = judgePolicy(claims, { claims: { [claim]: wanted } });
			if (unmet.length !== 1) wrong.push([scenario.id, unmet]);
		} else {
			const others = changed.filter(
				(name) =>
					name.toLowerCase() !== claim &&
					!(name === "__proto__" && scenario.id.startsWith("near/prototype:")),
			);
			if (others.length > 0 || !changed.includes(claim))
				wrong.push([scenario.id, changed]);
		}
		// Its name alone gives the same.
		const template = catalogue.find(scenario.id);
		if (!isTemplate(template)) continue;
		const blocks = blocksOf(template, honest);
		if (!isDeepStrictEqual(JSON.parse(JSON.stringify(blocks)), wishes))
			wrong.push([scenario.id, blocks]);
	}
	expect(wrong).toEqual([]);
});
