// A condition in Google's Common Expression Language as conditions on claims, as far as those reach.
import type { Clause } from "../verdict/policy/schema.js";
import { type CelToken, celError, celTokens } from "./cel-tokens.js";
import type { Bound } from "./preset.js";

/** Which claim an attribute such as `google.subject` was mapped from; undefined where it was not. */
export type Attributes = (name: string) => string | undefined;

const LONGEST = 4096; // characters: the limit of attributeCondition
const DEEPEST = 50; // parentheses

/** What `a.b["c"]` means: its names, and where it stands. */
interface Path {
	names: string[];
	column: number;
}

/**
 * Reads a condition that is made of `==`, `!=`, `in`, `startsWith`, `endsWith` and `&&`.
 * A claim that is missing makes CEL's evaluation fail, and Google refuse the token: no
 * condition holds without its claim.
 * @throws MockError `invalid_option` with the place, for anything else
 */
export function celBounds(source: string, attributes: Attributes): Bound[] {
	if (source.length > LONGEST) {
		throw celError(`longer than ${LONGEST} characters`, LONGEST + 1);
	}
	const tokens = celTokens(source);
	let at = 0;
	const peek = (): CelToken => tokens[at] as CelToken;
	const next = (): CelToken => tokens[at++] as CelToken;
	const isNext = (value: string, kind: CelToken["kind"] = "sign") =>
		peek().kind === kind && peek().value === value;
	const expect = (value: string) => {
		if (!isNext(value)) throw unexpected(peek(), `"${value}"`);
		return next();
	};

	function conjunction(depth: number): Bound[] {
		if (depth > DEEPEST) {
			throw celError(`nested more than ${DEEPEST} deep`, peek().column);
		}
		const bounds = operand(depth);
		while (isNext("&&")) {
			next();
			bounds.push(...operand(depth));
		}
		return bounds;
	}

	function operand(depth: number): Bound[] {
		if (isNext("(")) {
			next();
			const bounds = conjunction(depth + 1);
			expect(")");
			return bounds;
		}
		return [comparison()];
	}

	function comparison(): Bound {
		const { kind, value, column } = peek();
		const isName = kind === "name" && value !== "true" && value !== "false";
		if (!isName) {
			const literal = scalar();
			if (isNext("in", "name")) {
				next();
				return [claimOf(path()), { equals: literal, list: "only" }];
			}
			if (!isNext("==") && !isNext("!=")) {
				throw unexpected(peek(), '"==", "!=" or "in"', column);
			}
			const operator = next().value;
			return [claimOf(path()), equality(operator, literal)];
		}
		const left = path();
		if (isNext("(")) return call(left);
		if (isNext("in", "name")) {
			next();
			return [claimOf(left), { equals: list(), list: "never" }];
		}
		if (!isNext("==") && !isNext("!=")) {
			throw unexpected(peek(), '"==", "!=" or "in"');
		}
		const operator = next().value;
		return [claimOf(left), equality(operator, scalar())];
	}

	function call({ names, column }: Path): Bound {
		const name = names.at(-1);
		if (names.length < 2 || (name !== "startsWith" && name !== "endsWith")) {
			throw celError(
				`the function ${String(name).slice(0, 40)} cannot be followed: startsWith and endsWith can`,
				column,
			);
		}
		expect("(");
		const { kind, value: text, column: place } = next();
		if (kind !== "text") throw celError(`${name} takes a text`, place);
		expect(")");
		const clause: Clause =
			name === "startsWith"
				? { "starts-with": text, list: "never" }
				: { "ends-with": text, list: "never" };
		return [claimOf({ names: names.slice(0, -1), column }), clause];
	}

	function path(): Path {
		const first = next();
		if (first.kind !== "name") throw unexpected(first, "a claim");
		const names = [first.value];
		for (;;) {
			if (isNext(".")) {
				next();
				const member = next();
				if (member.kind !== "name") throw unexpected(member, "a name");
				names.push(member.value);
			} else if (isNext("[")) {
				next();
				const member = next();
				if (member.kind !== "text") throw unexpected(member, "a text");
				names.push(member.value);
				expect("]");
			} else {
				return { names, column: first.column };
			}
		}
	}

	function list(): (string | number | boolean)[] {
		if (peek().kind === "name") {
			throw celError(
				"a list from the token can stand behind `in` only with a value before it",
				peek().column,
			);
		}
		expect("[");
		const values = [scalar()];
		while (isNext(",")) {
			next();
			values.push(scalar());
		}
		expect("]");
		return values;
	}

	function scalar(): string | number | boolean {
		const token = next();
		const { kind, value } = token;
		if (kind === "text") return value;
		if (kind === "number") return Number(value);
		if (kind === "name" && (value === "true" || value === "false")) {
			return value === "true";
		}
		throw unexpected(token, "a text, a number, true or false");
	}

	function claimOf({ names, column }: Path): string {
		const [root, ...inner] = names;
		if (root === "assertion" && inner.length > 0) {
			return claimPath(inner, column);
		}
		const attribute = names.join(".");
		if ((root === "attribute" || root === "google") && inner.length === 1) {
			const claim = attributes(attribute);
			if (claim !== undefined) return claim;
			throw celError(
				`${attribute.slice(0, 100)} is not in the attribute mapping`,
				column,
			);
		}
		throw celError(
			`${attribute.slice(0, 100)} cannot be followed: assertion.CLAIM, attribute.NAME and google.NAME can`,
			column,
		);
	}

	const bounds = conjunction(0);
	if (peek().kind !== "end") throw unexpected(peek(), '"&&" or the end');
	return bounds;
}

/**
 * The claim that `assertion.a.b` means: a name, or a JSON pointer.
 * @throws MockError `invalid_option`
 */
export function claimPath(names: readonly string[], column: number): string {
	if (names.includes("__proto__") || names.includes("")) {
		throw celError("a claim cannot be called that", column);
	}
	const [name = "", ...inner] = names;
	if (inner.length === 0 && !name.startsWith("/")) return name;
	return names
		.map((each) => `/${each.replaceAll("~", "~0").replaceAll("/", "~1")}`)
		.join("");
}

const equality = (
	operator: string,
	value: string | number | boolean,
): Clause => {
	const equal = { equals: value, list: "never" } as const;
	return operator === "==" ? equal : { not: equal };
};

function unexpected(
	{ kind, value, column }: CelToken,
	expected: string,
	place = column,
) {
	const found = kind === "end" ? value : JSON.stringify(value.slice(0, 40));
	const isOperator =
		kind === "sign" && /^(\|\||!|\?|[+*/%<>-]|[<>]=)$/.test(value);
	const hint = isOperator
		? `${found} cannot be followed: of CEL's operators, ==, !=, in and && can`
		: `found ${found}, expected ${expected}`;
	return celError(hint, place);
}
