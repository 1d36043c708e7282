// CEL: what our library makes of expressions is what another makes of them, for tokens of many kinds.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CelExpression, loadCel } from "../../src/presets/cel.js";
import { FAILS, oracle } from "./cel-oracle.js";

const cel = await loadCel(["assertion", "google"], "google");

const MAIN = {
	sub: "project_path:acme/app:ref_type:branch:ref:main",
	project_id: "22",
	project_path: "acme/app",
	ref: "main",
	ref_protected: "true",
	runner_id: 7,
	nothing: null,
	aud: "https://rp.example.com",
	groups_direct: ["acme", "acme/ops"],
	nested: { a: { b: "c" } },
	user_identities: [{ provider: "github", extern_uid: "1" }],
};
const TOKENS: Record<string, unknown>[] = [
	MAIN,
	{ ...MAIN, ref: "develop", ref_protected: "false", runner_id: 8 },
	{ ...MAIN, ref: ["main"], aud: [MAIN.aud, "x"], nested: "text" },
	{ ...MAIN, ref: true, project_id: 22, runner_id: "7", sub: "a.b:c" },
	{ ...MAIN, ref: null, project_path: null, groups_direct: [] },
	{
		...MAIN,
		ref: { main: "main" },
		groups_direct: [1, "acme"],
		runner_id: 7.5,
	},
	{ sub: "" },
	{ ...MAIN, project_path: "äpp/€", ref: "MAIN\n" },
];

const resultOf = (expression: CelExpression, variables: object) => {
	try {
		const value = expression.evaluate({ ...variables });
		return typeof value === "function" ? FAILS : value;
	} catch {
		return FAILS;
	}
};

const MEMBERS = [
	...["sub", "project_id", "project_path", "ref", "ref_protected", "nope"],
	...["runner_id", "nothing", "groups_direct", "nested", "aud"],
];
const claim = fc.constantFrom(...MEMBERS).map((name) => `assertion.${name}`);
const literal = fc.constantFrom(
	...["'main'", "'22'", "22", "7", "7.0", "true", "null", "'acme/app'", "''"],
);
const operand = fc.oneof(
	claim,
	literal,
	fc.constantFrom(
		"google.subject",
		"assertion.nested.a.b",
		"assertion['ref']",
		"assertion.groups_direct[0]",
		"string(assertion.runner_id)",
		"assertion.sub.split(':')[1]",
		"assertion.project_path + ':' + assertion.ref",
		"assertion.sub.extract('project_path:{p}:')",
		"assertion.sub.extract('{p}:')",
		"assertion.sub.extract(':ref:{r}')",
		"assertion.ref.lowerAscii()",
		"size(assertion.ref)",
		"(assertion.ref_protected == 'true' ? 'yes' : 'no')",
		"{'22': 'app'}[assertion.project_id]",
	),
);
const comparison = fc.oneof(
	fc
		.tuple(claim, fc.constantFrom("==", "!="), fc.oneof(literal, operand))
		.map((parts) => parts.join(" ")),
	fc
		.tuple(operand, fc.constantFrom("==", "!="), claim)
		.map((parts) => parts.join(" ")),
	fc
		.tuple(
			claim,
			fc.constantFrom("startsWith", "endsWith", "contains", "matches"),
			fc.constantFrom("'main'", "'^m.*n$'", "'acme/'", "'(?i)MAIN'", "''"),
		)
		.map(([name, method, text]) => `${name}.${method}(${text})`),
	claim.map((name) => `${name} in ['main', '22', 7]`),
	claim.map((name) => `'main' in ${name}`),
	// Where it is null the other library says no, and CEL's specification yes: the key is there.
	claim
		.filter((name) => !/ref$|_path$|nothing/.test(name))
		.map((name) => `has(${name})`),
	claim.map((name) => `${name} > 5`),
	claim.map((name) => `${name}.exists(g, g.startsWith('acme'))`),
	claim.map((name) => `${name}.all(g, g in ['acme', 'acme/ops'])`),
	fc.constantFrom("true", "false", "has(assertion.nested.a.b)"),
);
const { condition } = fc.letrec<{ condition: string }>((tie) => ({
	condition: fc.oneof(
		{ depthSize: "small" },
		comparison,
		tie("condition").map((inner) => `!(${inner})`),
		fc
			.tuple(tie("condition"), fc.constantFrom("&&", "||"), tie("condition"))
			.map(([left, sign, right]) => `(${left}) ${sign} (${right})`),
		fc
			.tuple(tie("condition"), tie("condition"), tie("condition"))
			.map(([when, yes, no]) => `((${when}) ? (${yes}) : (${no}))`),
	),
}));

test("conditions: the same of every token", () => {
	const seen = { true: 0, false: 0, fails: 0 };
	fc.assert(
		fc.property(condition, (source) => {
			const ours = cel.compile(source, "condition");
			const theirs = oracle(source);
			const conjuncts = cel.conjuncts(ours);
			for (const assertion of TOKENS) {
				const variables = { assertion, google: { subject: assertion.sub } };
				const value = theirs(variables);
				expect(resultOf(ours, variables)).toEqual(value);
				expect(ours.holds(variables)).toBe(value === true);
				expect(conjuncts.every((one) => one.holds(variables))).toBe(
					value === true,
				);
				seen[value === FAILS ? "fails" : value === true ? "true" : "false"] +=
					1;
			}
		}),
		{ numRuns: 250 },
	);
	for (const count of Object.values(seen)) expect(count).toBeGreaterThan(100);
});

test("values: the same of every token", () => {
	fc.assert(
		fc.property(operand, (source) => {
			const ours = cel.compile(source, "mapping");
			const theirs = oracle(source);
			for (const assertion of TOKENS) {
				const variables = { assertion, google: { subject: "s" } };
				const value = resultOf(ours, variables);
				const other = theirs(variables);
				// Maps come out as each library has them.
				if (typeof value === "object" && !Array.isArray(value)) continue;
				expect(value).toEqual(other);
			}
		}),
		{ numRuns: 100 },
	);
});

describe("what people trip over", () => {
	const holds = (source: string, assertion: Record<string, unknown> = MAIN) => {
		const variables = { assertion, google: { subject: "s" } };
		const isTrue = cel.compile(source, "x").holds(variables);
		// What the other library has in its own way.
		if (!/^(?:has\(assertion.nothing|matches\()/.test(source)) {
			expect(oracle(source)(variables) === true).toBe(isTrue);
		}
		return isTrue;
	};
	test.for([
		["assertion.project_id == 22", false],
		["assertion.project_id != 22", true],
		["assertion.project_id == '22'", true],
		["assertion.ref_protected == true", false],
		["assertion.ref_protected != false", true],
		["assertion.nope == 'x' || assertion.project_id == '22'", true],
		["assertion.nope == 'x' && assertion.project_id == '22'", false],
		["!(assertion.nope == 'x')", false],
		["assertion.nothing == null", true],
		["has(assertion.nothing)", true],
		["has(assertion.nope)", false],
		["{'22': 'x'}[assertion.project_id] == 'x'", true],
		["{'7': 'x'}[assertion.runner_id] == 'x'", false],
		["true && !(false || {'7': 'x'}[assertion.runner_id] == 'x')", false],
		["assertion.sub.matches('acme/app')", true],
		["assertion.sub.matches('^acme/app$')", false],
		["assertion.sub.matches('(?i)ACME')", true],
		["matches(assertion.sub, 'acme')", true],
		["'acme' in assertion.project_path", false],
		["'acme' in assertion.groups_direct", true],
		["assertion.constructor == 'x' || true", true],
		["has(assertion.__proto__)", false],
		["has(assertion.toString)", false],
		["google.subject == 's'", true],
		["assertion.project_path == '''acme/app'''", true],
		["assertion.project_path == r'acme/app'", true],
		["'google.subject matches (x)' == 'google.subject matches (x)'", true],
		["assertion.nested.a == {'b': 'c'}", true],
		["assertion.runner_id == 7 && assertion.runner_id == 7.0", true],
	] as const)("%s is %s", ([source, expected]) => {
		expect(holds(source)).toBe(expected);
	});
	test("a slow expression ends", () => {
		const pattern = "(a+)+$";
		expect(holds(`assertion.ref.matches('${pattern}')`)).toBe(false);
		const ref = `${"a".repeat(5000)}b`;
		expect(holds(`assertion.ref.matches('^${pattern}')`, { ref })).toBe(false);
	});
	test("what is optional may be missing", () => {
		const own = (source: string) =>
			cel.compile(source, "x").holds({ assertion: MAIN, google: {} });
		expect(own("assertion.?nope.orValue('') == ''")).toBe(true);
		expect(own("assertion.?ref.orValue('') == 'main'")).toBe(true);
	});
});

test.for([
	[
		"characters beyond U+FFFF",
		'assertion.a == "\u{1f600}" && assertion.b == "2"',
	],
	[
		"brackets on the right",
		'true == (assertion.a == "\u{1f600}") && assertion.b == "2"',
	],
] as const)("%s: joined by && they are one part at least", ([, source]) => {
	const whole = cel.compile(source, "condition");
	const parts = cel.conjuncts(whole);
	for (const b of ["2", "3"]) {
		const variables = { assertion: { a: "\u{1f600}", b } };
		expect(whole.holds(variables)).toBe(b === "2");
		expect(parts.every((one) => one.holds(variables))).toBe(b === "2");
	}
});
