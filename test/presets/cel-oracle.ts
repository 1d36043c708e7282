// CEL as another library has it, which the tests believe: what an expression is, or that its evaluation fails.
import {
	type CelFunc,
	type CelInput,
	CelScalar,
	celEnv,
	celMethod,
	isCelError,
	isCelList,
	parse,
	plan,
} from "@bufbuild/cel";
import { strings } from "@bufbuild/cel/ext";

/** The evaluation fails. */
export const FAILS = Symbol("fails");

type Variables = Readonly<Record<string, unknown>>;

// Google's page has this example of it, and "" where the template is not found.
const extract: CelFunc = celMethod(
	"extract",
	CelScalar.STRING,
	[CelScalar.STRING],
	CelScalar.STRING,
	function (template) {
		const [before = "", rest = ""] = template.split("{");
		const after = rest.split("}")[1] ?? "";
		const [, ...found] = this.split(before);
		const tail = before === "" ? String(this) : found.join(before);
		if (before !== "" && found.length === 0) return "";
		if (after === "") return tail;
		return tail.includes(after) ? (tail.split(after)[0] ?? "") : "";
	},
);

const env = celEnv({ funcs: [...strings, extract] });

/** The expression, ready for variables that JSON can hold. */
export function oracle(source: string): (variables: Variables) => unknown {
	const planned = plan(env, parse(source));
	return (variables) => {
		const value = planned(
			Object.fromEntries(
				Object.entries(variables).map(([name, one]) => [name, inputOf(one)]),
			),
		);
		if (isCelError(value)) return FAILS;
		return isCelList(value) ? [...value] : value;
	};
}

function inputOf(value: unknown): CelInput {
	if (Array.isArray(value)) return value.map(inputOf);
	if (typeof value !== "object" || value === null) return value as CelInput;
	return new Map(
		Object.entries(value).map(([name, one]) => [name, inputOf(one)]),
	);
}
