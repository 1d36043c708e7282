// A condition of a policy, made into a test of a claim and the words for what it wants.
import { show } from "../../token/check-claims.js";
import type { Clause, Condition, Pattern, Plain } from "./schema.js";
import { type TextTest, wildcard } from "./wildcard.js";

/** A condition, ready for use. */
export interface Test {
	/** Undefined and null: the claim is missing. */
	fits(value: unknown): boolean;
	/** such as `"main" or "develop"` */
	wants: string;
}

/** No regular expression is run on a longer text: what it costs can grow with any power of it. */
const LONGEST_SUBJECT = 10_000; // characters
const MOST_SHOWN = 5; // of a list of values

/** Makes a condition ready. */
export function compileCondition(condition: Condition): Test {
	if (isPlainValue(condition)) return compilePlain(condition);
	if ("any" in condition) {
		const tests = condition.any.map(compileClause);
		return {
			fits: (value) => tests.some((test) => test.fits(value)),
			wants: either(tests.map(({ wants }) => wants)),
		};
	}
	if ("all" in condition) {
		const tests = condition.all.map(compileCondition);
		return {
			fits: (value) => tests.every((test) => test.fits(value)),
			wants: tests.map(({ wants }) => wants).join(" and "),
		};
	}
	return compileClause(condition);
}

function compileClause(clause: Clause): Test {
	if (isPlainValue(clause)) return compilePlain(clause);
	if ("not" in clause) {
		const inner = compilePlain(clause.not);
		return unlessMissing(clause, {
			fits: (value) => !inner.fits(value),
			wants: `anything but ${inner.wants}`,
		});
	}
	if ("every" in clause) {
		const inner = compilePlain(clause.every);
		return unlessMissing(clause, {
			fits: (value) => entriesOf(value).every((entry) => inner.fits(entry)),
			wants: `no entry but ${inner.wants}`,
		});
	}
	return compilePlain(clause);
}

function compilePlain(plain: Plain): Test {
	if (isPlainValue(plain)) return compilePlain({ equals: plain });
	const { fits: fitsOne, wants } = compileOne(plain);
	const { list } = plain;
	return unlessMissing(plain, {
		fits: (value) =>
			Array.isArray(value)
				? list !== "never" && value.some(fitsOne)
				: list !== "only" && fitsOne(value),
		wants: list === "only" ? `a list with ${wants}` : wants,
	});
}

type Value = Extract<Plain, string | number | boolean | unknown[]>;

// Asked first: a list has an `every` of its own.
const isPlainValue = (condition: Condition): condition is Value =>
	typeof condition !== "object" || Array.isArray(condition);

const unlessMissing = (
	{ missing }: { missing?: "ok" | undefined },
	test: Test,
): Test => ({
	fits: (value) =>
		value === undefined || value === null ? missing === "ok" : test.fits(value),
	wants: test.wants,
});

const entriesOf = (value: unknown): unknown[] =>
	Array.isArray(value) ? value : [value];

/** The pattern as a test of one value, which is no list. */
function compileOne(pattern: Pattern): Test {
	const ignoreCase = pattern["ignore-case"] === true;
	const folded = (text: string) => (ignoreCase ? text.toLowerCase() : text);
	if ("equals" in pattern) {
		const values = many(pattern.equals);
		const fold = (value: unknown) =>
			typeof value === "string" ? folded(value) : value;
		const set = new Set<unknown>(values.map(fold));
		// Types count: a Set tells true from "true", and 1 from "1".
		return {
			fits: (value) => set.has(fold(value)),
			wants: either(values.map(show)),
		};
	}
	if ("regex" in pattern) {
		const sources = many(pattern.regex);
		const flags = ignoreCase ? "i" : "";
		const expressions = sources.map((source) => new RegExp(source, flags));
		return {
			fits: (value) =>
				typeof value === "string" &&
				value.length <= LONGEST_SUBJECT &&
				expressions.some((regex) => regex.test(value)),
			wants: `a match of ${either(sources.map(show))}`,
		};
	}
	if ("max-bytes" in pattern) {
		const most = pattern["max-bytes"];
		return {
			fits: (value) =>
				typeof value === "string" && Buffer.byteLength(value) <= most,
			wants: `a text of at most ${most} bytes`,
		};
	}
	const { texts, test, wants } = textPattern(pattern);
	const tests = texts.map((text) => test(folded(text)));
	return {
		fits: (value) => {
			if (typeof value !== "string") return false;
			const text = folded(value);
			return tests.some((one) => one(text));
		},
		wants: `${wants} ${either(texts.map(show))}`,
	};
}

type TextPattern = Extract<
	Pattern,
	| { glob: unknown }
	| { like: unknown }
	| { "starts-with": unknown }
	| { "ends-with": unknown }
>;

function textPattern(pattern: TextPattern): {
	texts: readonly string[];
	test: (text: string) => TextTest;
	wants: string;
} {
	if ("glob" in pattern) {
		const test = (text: string) => wildcard(text, { question: false });
		return { texts: many(pattern.glob), test, wants: "a text like" };
	}
	if ("like" in pattern) {
		const test = (text: string) => wildcard(text, { question: true });
		return { texts: many(pattern.like), test, wants: "a text like" };
	}
	if ("starts-with" in pattern) {
		const test = (text: string) => (claim: string) => claim.startsWith(text);
		const wants = "a text that begins with";
		return { texts: many(pattern["starts-with"]), test, wants };
	}
	const test = (text: string) => (claim: string) => claim.endsWith(text);
	const wants = "a text that ends with";
	return { texts: many(pattern["ends-with"]), test, wants };
}

const many = <One>(value: One | readonly One[]): readonly One[] =>
	Array.isArray(value) ? value : [value as One];

function either(wants: readonly string[]): string {
	const shown = wants.slice(0, MOST_SHOWN);
	const rest = wants.length - shown.length;
	return [...shown, ...(rest > 0 ? [`one of ${rest} more`] : [])].join(" or ");
}
