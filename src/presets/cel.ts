// Google's Common Expression Language: the library, loaded when a preset first needs it, and what it makes of a source.

import type { Environment } from "@marcbachmann/cel-js";
import { MockError } from "../errors.js";
import { inTurn } from "../in-turn.js";
import { checkChoices, checkPatterns } from "./cel-check.js";
import { extract } from "./cel-extract.js";
import { TEXT_KEY, withTextKeys } from "./cel-keys.js";
import { registerKubernetes } from "./cel-kubernetes.js";
import { forLibrary, fromLibrary, nameForLibrary } from "./cel-names.js";
import type { CelNode } from "./cel-walk.js";

export type CelVariables = Readonly<Record<string, unknown>>;

/** A compiled expression. */
export interface CelExpression {
	/** as the library writes it */
	source: string;
	/** with the library's names */
	node: CelNode;
	/** of its value, such as `bool` or `dyn` */
	type: string;
	/** @throws where CEL's evaluation fails, such as for a member that is missing */
	evaluate(variables: CelVariables): unknown;
	/** Whether it is true. An evaluation that fails is not. */
	holds(variables: CelVariables): boolean;
}

export interface CelCompiler {
	/** @throws MockError `invalid_option` with the place, for what is no CEL or fits no types */
	compile(source: string, what: string): CelExpression;
	/** The expressions that `&&` joins at the top: it holds where all of them do, in any order. */
	conjuncts(expression: CelExpression): CelExpression[];
}

const DEEPEST = 50; // calls, members, parentheses

/** A compiler for expressions over these variables, of any type each, with what a service has beside CEL's own. */
export async function loadCel(
	variables: readonly string[],
	service: "google" | "kubernetes",
): Promise<CelCompiler> {
	const [{ Environment, serialize }, { RE2JS }] = [
		await inTurn(() => import("@marcbachmann/cel-js")),
		await inTurn(() => import("re2js")),
	];
	const matches = (text: string, pattern: string) =>
		RE2JS.compile(pattern).matcher(text).find();
	const environment = new Environment({
		homogeneousAggregateLiterals: false,
		enableOptionalTypes: true,
		limits: { maxDepth: DEEPEST },
	});
	for (const name of variables) {
		environment.registerVariable(nameForLibrary(name), "dyn");
	}
	environment
		.registerFunction(`${TEXT_KEY}(string): string`, (text: string) => text)
		.registerFunction("string._matchs(string): bool", matches)
		.registerFunction("_matchs(string, string): bool", matches);
	if (service === "google") {
		environment.registerFunction("string.extract(string): string", extract);
	} else {
		registerKubernetes(environment, RE2JS);
	}
	const compile = (source: string, what: string) => {
		const expression = compiled(environment, forLibrary(source), what);
		const strict = withTextKeys(expression.node);
		return strict === undefined
			? expression
			: {
					...compiled(environment, serialize(strict), what),
					node: expression.node,
				};
	};
	return {
		compile(source, what) {
			const expression = compile(source, what);
			checkPatterns(expression.node, RE2JS, what);
			if (service === "google") checkChoices(expression.node, what);
			return { ...expression, source: fromLibrary(serialize(expression.node)) };
		},
		conjuncts(expression) {
			try {
				return operandsOf(expression.node).map((node) =>
					compile(fromLibrary(serialize(node)), "CEL"),
				);
			} catch {
				// What the library writes it cannot always read: `a == (b == c)`, characters beyond U+FFFF.
				return [expression];
			}
		},
	};
}

function compiled(
	environment: Environment,
	source: string,
	what: string,
): CelExpression {
	const fault = (error: unknown) => {
		const { summary = "", range } = error as Partial<
			import("@marcbachmann/cel-js").ParseError
		>;
		const place = range ? `, character ${range.start + 1}` : "";
		return new MockError(
			"invalid_option",
			`${what}${place}: ${fromLibrary(summary).slice(0, 200)}`,
			{ cause: error },
		);
	};
	let parsed: ReturnType<Environment["parse"]>;
	try {
		parsed = environment.parse(source);
	} catch (error) {
		throw fault(error);
	}
	const { valid, type = "dyn", error } = parsed.check();
	if (!valid) throw fault(error);
	const evaluate = (variables: CelVariables) =>
		parsed(
			Object.fromEntries(
				Object.entries(variables).map(([name, value]) => [
					nameForLibrary(name),
					value,
				]),
			),
		);
	return {
		source: fromLibrary(source),
		node: parsed.ast,
		type,
		evaluate,
		holds(variables) {
			try {
				return evaluate(variables) === true;
			} catch {
				return false;
			}
		},
	};
}

const operandsOf = (node: CelNode): CelNode[] =>
	node.op === "&&" ? node.args.flatMap(operandsOf) : [node];
