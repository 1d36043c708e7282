// Sloppy comparisons that do not look at the type: numbers and texts, lists, objects, nothing.
import { EVIL, isDigits, type MemberWay, type ValueWay } from "./way.js";

const WORD = 2 ** 32;

/** What `change` makes of a number, written as the number was. */
const numbers =
	(change: (value: number) => number): ValueWay["make"] =>
	(value) => {
		const isText = typeof value === "string" && isDigits(value);
		if (!isText && !Number.isInteger(value)) return [];
		const changed = change(Number(value));
		if (!Number.isSafeInteger(changed)) return [];
		return [isText ? String(changed) : changed];
	};

const isScalar = (value: unknown) =>
	typeof value === "string" || typeof value === "number";

const ours =
	(make: (value: unknown) => unknown): ValueWay["make"] =>
	(value) =>
		isScalar(value) ? [make(value)] : [];

/** Where GitLab has a list of words: another of them. */
const OTHER_WORD: ReadonlyMap<string, string> = new Map([
	["true", "false"],
	["branch", "tag"],
	["tag", "branch"],
	["push", "schedule"],
	["schedule", "push"],
	["production", "staging"],
	["start", "stop"],
	["private", "public"],
	["maintainer", "guest"],
	["gitlab-hosted", "self-hosted"],
]);

/** Another text of the same form: a path of as many segments, a sub of the same components. */
function otherText(text: string): string {
	const parts = text.split(":");
	const isSub = parts.length > 2 && parts.length % 2 === 0;
	return parts
		.map((part, index) => {
			const stays = isSub && (index % 2 === 0 || OTHER_WORD.has(part));
			return stays ? part : part.replace(/[^/]+/g, EVIL);
		})
		.join(":");
}

/** By name. */
export const VALUE_WAYS = {
	"more-digits": {
		description: "a number that begins with the digits of the expected one",
		make: numbers((value) => value * 10),
	},
	"cut-fraction": {
		description: "the expected number with a fraction",
		make(value) {
			if (typeof value === "string" && isDigits(value)) return [`${value}.9`];
			const made = Number.isInteger(value) ? Number(value) + 0.9 : undefined;
			return made !== undefined && Math.trunc(made) === value ? [made] : [];
		},
	},
	"wrapped-number": {
		description: "a number whose lower 32 bits equal the expected one",
		make: numbers((value) => value + WORD),
	},
	"number-for-text": {
		description: "a JSON number in place of a string",
		make: (value) =>
			typeof value === "string" &&
			isDigits(value) &&
			Number.isSafeInteger(Number(value))
				? [Number(value)]
				: [],
	},
	"text-for-number": {
		description: "a string in place of a JSON number",
		make: (value) => (typeof value === "number" ? [String(value)] : []),
	},
	truthy: {
		description: "a completely different value",
		make(value) {
			if (typeof value === "number") return [value + 1];
			if (typeof value !== "string") return [];
			if (isDigits(value)) return [String(BigInt(value) + 1n)];
			if (/^https?:\/\//.test(value)) return [`https://${EVIL}.test`];
			const word = OTHER_WORD.get(value);
			return [...(word === undefined ? [] : [word]), otherText(value)];
		},
	},
	"list-of-one": {
		description: "an array that contains only the expected value",
		make: ours((value) => [value]),
	},
	"list-with-others": {
		description: "an array that contains the expected value and others",
		make: ours((value) => [EVIL, value]),
	},
	object: {
		description: "an object that has a member with the expected name",
		make: (value) =>
			typeof value === "string" ? [Object.fromEntries([[value, true]])] : [],
	},
	null: { description: "null", make: () => [null] },
	empty: { description: "an empty string", make: () => [""] },
} as const satisfies Record<string, ValueWay>;

const capitalized = (name: string) =>
	name.slice(0, 1).toUpperCase() + name.slice(1);

/** By name. */
export const MEMBER_WAYS = {
	missing: {
		description: "a token without the claim",
		make: () => [{ remove: true }],
	},
	"member-name-case": {
		description: "the claim under its name in another letter case",
		make: (name) =>
			capitalized(name) === name ? [] : [{ rename: capitalized(name) }],
	},
	prototype: {
		description: "the claim only inside a member __proto__",
		make: () => [{ inherit: true }],
	},
} as const satisfies Record<string, MemberWay>;
