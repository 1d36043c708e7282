// The values of a file's inputs, made fit and checked in GitLab's words.
import { DEEPEST } from "../../yaml-depth.js";
import type { Budget } from "../budget.js";
import { type Place, pipelineError, shown } from "../place.js";
import { loadPatterns } from "../rules/pattern.js";
import { plainScalar } from "../scalar.js";
import {
	isList,
	isMapping,
	isNumber,
	type Mapping,
	scalarText,
	type Value,
} from "../value.js";
import type { InputSpec } from "./spec.js";

/** The inputs' values, or what GitLab says is wrong. */
export type InputValues =
	| { values: ReadonlyMap<string, Value>; errors?: undefined }
	| { errors: readonly string[] };

/** @param given as `include: inputs` has them, or a user */
export async function inputValues(
	specs: readonly InputSpec[],
	given: Mapping,
	budget: Budget,
): Promise<InputValues> {
	const errors: string[] = [];
	const unknown = [...given.keys()].filter(
		(name) => !specs.some((spec) => spec.name === name),
	);
	if (unknown.length > 0)
		errors.push(`unknown input arguments: ${unknown.map(shown).join(", ")}`);
	const values = new Map<string, Value>();
	for (const spec of specs) {
		const own = given.get(spec.name)?.value;
		const value = own === undefined || own === null ? undefined : own;
		const fail = (message: string) =>
			errors.push(`\`${shown(spec.name)}\` input: ${message}`);
		if (value === undefined && spec.default === undefined) {
			fail("required value has not been provided");
			continue;
		}
		if (spec.default !== undefined)
			await check(
				spec,
				fitting(spec, spec.default, budget),
				"default",
				fail,
				budget,
			);
		const fit = fitting(spec, value ?? spec.default ?? null, budget);
		if (value !== undefined) await check(spec, fit, "provided", fail, budget);
		values.set(spec.name, fit);
	}
	return errors.length > 0 ? { errors } : { values };
}

/** A value of the input's type, where it can be made one: texts are read as JSON, anything is a text. */
function fitting({ type, place }: InputSpec, value: Value, budget: Budget) {
	if (type === "string") return rubyText(value);
	if (typeof value !== "string") return value;
	const read = parsed(value);
	if (read === undefined) return value;
	return typeof read === "number"
		? (plainScalar(value.trim()) as Value)
		: fromJson(read, place, budget);
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

async function check(
	{ type, options, regex }: InputSpec,
	value: Value,
	whose: "default" | "provided",
	fail: (message: string) => void,
	budget: Budget,
): Promise<void> {
	if (type === "array" && !isList(value))
		fail(`${whose} value is not an array`);
	if (type === "number" && !isNumber(value))
		fail(`${whose} value is not a number`);
	if (type === "boolean" && typeof value !== "boolean")
		fail(`${whose} value is not a boolean`);
	if (options && type !== "string" && type !== "number")
		fail("Options can only be used with string and number inputs");
	else if (options && !options.some((option) => isOption(option, value, type)))
		fail(
			`\`${shown(rubyText(value))}\` cannot be used because it is not in the list of allowed options`,
		);
	if (regex === undefined) return;
	if (type !== "string")
		fail("RegEx validation can only be used with string inputs");
	else {
		const pattern = (await loadPatterns(budget)).compile(regex);
		if (!pattern) fail("invalid regular expression");
		else if (!pattern.foundIn(rubyText(value)))
			fail(`${whose} value does not match required RegEx pattern`);
	}
}

const isOption = (option: Value, value: Value, type: string): boolean =>
	(type === "string" || isNumber(option)) &&
	rubyText(option) === rubyText(value);

/** What Ruby's `to_s` makes of a value. */
export function rubyText(value: Value): string {
	return value === null ? "" : (scalarText(value) ?? inspected(value));
}

function inspected(value: Value): string {
	if (value === null) return "nil";
	if (typeof value === "string") return JSON.stringify(value);
	if (isList(value)) return `[${value.map(inspected).join(", ")}]`;
	if (!isMapping(value)) return scalarText(value) ?? "";
	const members = [...value].map(
		([key, member]) => `:${key}=>${inspected(member.value)}`,
	);
	return `{${members.join(", ")}}`;
}

/** A value of JSON. @throws MockError `too_large` for one that is nested too deeply */
export function fromJson(
	json: unknown,
	place: Place,
	budget: Budget,
	depth = 0,
): Value {
	budget.spend(1);
	if (depth > DEEPEST)
		throw pipelineError(
			place,
			`an input is nested deeper than ${DEEPEST} levels`,
			undefined,
			"too_large",
		);
	const inner = (member: unknown) => fromJson(member, place, budget, depth + 1);
	if (Array.isArray(json)) return json.map(inner);
	if (typeof json === "object" && json !== null)
		return new Map(
			Object.entries(json).map(([key, member]) => [
				key,
				{ value: inner(member), place },
			]),
		);
	if (typeof json === "number" && !Number.isSafeInteger(json))
		return plainScalar(String(json)) as Value;
	return json as string | number | boolean | null;
}
