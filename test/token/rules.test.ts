// The rules: in spec order, each explained, each cited precisely.
import { expect, test } from "vitest";
import { RULE_IDS, RULES } from "../../src/token/rules.js";

test("are in the order in which the specs make the checks", () => {
	expect(RULE_IDS).toEqual(Object.keys(RULES));
	expect(RULE_IDS).toEqual(
		"shape algorithm type critical key signature token-type issuer audience expiry not-before issued-at claims".split(
			" ",
		),
	);
});

test.for(Object.entries(RULES))("%s says what, where and why", ([id, rule]) => {
	expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
	expect(rule.title).toMatch(/^[A-Za-z].{10,80}[^.]$/);
	expect(rule.without).toMatch(/^[A-Z].*\.$/);
	expect(rule.spec.length).toBeGreaterThan(0);
	for (const reference of rule.spec) {
		expect(reference).toMatch(
			/^((RFC \d{4}|OpenID Connect [\w -]+) §\d+(\.\d+)*( \(\d+\))?(, a (can|SHOULD))?|GitLab: .+)$/,
		);
	}
});
