// Differences from a baseline: what is not said stays, what is said replaces, texts can be edited.
import { describe, expect, test } from "vitest";
import { z } from "zod";
import {
	applyDifferences,
	differencesSchema,
} from "../../src/scenario/differences.js";
import { refusal } from "../refusal.js";

const schema = z.strictObject({
	name: z.string(),
	kind: z.enum(["a", "b"]),
	count: z.int(),
	owner: z
		.strictObject({ login: z.string(), email: z.string().nullable() })
		.nullable()
		.meta({ description: "whose it is" }),
	tags: z.array(z.string()),
});
type Thing = z.infer<typeof schema>;

const BASE: Thing = {
	name: "thing",
	kind: "a",
	count: 1,
	owner: { login: "jo", email: null },
	tags: ["x"],
};

describe("applyDifferences", () => {
	test.for<[object | undefined, object]>([
		[undefined, {}],
		[{}, {}],
		[{ name: "other" }, { name: "other" }],
		[{ name: { append: "-evil" } }, { name: "thing-evil" }],
		[{ owner: { login: "al" } }, { owner: { login: "al", email: null } }],
		[{ owner: null }, { owner: null }],
		[{ tags: [] }, { tags: [] }],
		[{ tags: ["y"] }, { tags: ["y"] }],
	])("%o", ([differences, changed]) => {
		const result = applyDifferences(BASE, differences);
		expect(result).toEqual({ ...BASE, ...changed });
		expect(Object.keys(result)).toEqual(Object.keys(BASE));
	});

	test("fills what the baseline has not from the blank", () => {
		const blank = { owner: { login: "blank", email: "b@example.com" } };
		const without: Thing = { ...BASE, owner: null };
		expect(
			applyDifferences(without, { owner: { login: "al" } }, blank),
		).toEqual({ ...BASE, owner: { login: "al", email: "b@example.com" } });
		expect(applyDifferences(BASE, { owner: { login: "al" } }, blank)).toEqual({
			...BASE,
			owner: { login: "al", email: null },
		});
	});

	test("takes another number, a text filled in, and the baseline's own", () => {
		const blank = { "owner.email": "name" };
		const name = { template: "{owner.login} of {count}" };
		const given = {
			name,
			count: { add: 5 },
			owner: { email: { append: "!" } },
		};
		expect(applyDifferences(BASE, given, blank)).toMatchObject({
			name: `${BASE.owner?.login} of ${BASE.count}`,
			count: BASE.count + 5,
			owner: { email: `${BASE.name}!` },
		});
		const most = { ...BASE, count: Number.MAX_SAFE_INTEGER };
		expect(applyDifferences(most, { count: { add: 5 } }).count).toBe(
			Number.MAX_SAFE_INTEGER - 5,
		);
		const without: Thing = { ...BASE, owner: null };
		const own = { owner: BASE.owner };
		expect(
			applyDifferences(
				without,
				{ owner: { of: "owner", login: "x" } },
				{},
				own,
			),
		).toEqual({ ...BASE, owner: { ...BASE.owner, login: "x" } });
	});

	test.for<[Parameters<typeof applyDifferences<Thing>>[1], string]>([
		[
			{ owner: { email: { append: ".evil" } } },
			"the baseline's job has no owner.email",
		],
		[
			{ name: { template: "{owner.email}" } },
			"name: the baseline has no owner.email",
		],
	])("is not applicable: %j", ([differences, message]) => {
		expect(refusal(() => applyDifferences(BASE, differences))).toEqual({
			code: "not_applicable",
			message,
		});
	});

	test("leaves the baseline as it was", () => {
		const before = structuredClone(BASE);
		applyDifferences(BASE, { owner: { login: "al" }, tags: [] });
		expect(BASE).toEqual(before);
	});
});

describe("differencesSchema", () => {
	const differences = differencesSchema(schema);

	test.for<[unknown, boolean]>([
		[{}, true],
		[{ name: "x" }, true],
		[{ name: { append: "x" } }, true],
		[{ name: { apend: "x" } }, false],
		[{ name: null }, false],
		[{ kind: "b" }, true],
		[{ kind: { append: "x" } }, false],
		[{ count: 2 }, true],
		[{ count: "2" }, false],
		[{ owner: null }, true],
		[{ owner: {} }, true],
		[{ owner: { email: { prepend: "x" } } }, true],
		[{ owner: { phone: "1" } }, false],
		[{ tags: ["x"] }, true],
		[{ tags: [{ append: "x" }] }, false],
		[{ other: 1 }, false],
		[null, false],
	])("%j: %s", ([value, fine]) => {
		expect(differences.safeParse(value).success).toBe(fine);
	});

	test("keeps the descriptions", () => {
		expect(z.toJSONSchema(differences)).toMatchObject({
			properties: { owner: { description: "whose it is" } },
		});
	});
});
