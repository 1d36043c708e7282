// A scenario adjusted for one request: by blocks of a JSON body, or by settings such as `ref=main`.
import { parse } from "yaml";
import { MockError } from "../errors.js";
import { isJsonObject } from "../json-object.js";
import { tooComplex } from "../yaml-depth.js";
import { jobEditSchema } from "./job-edit.js";
import {
	type Adjustment,
	adjustmentSchema,
	type JobDifferences,
} from "./schema.js";
import { issueText } from "./schema-issue.js";

/**
 * The scenario with `blocks` laid over it and then `settings` made.
 * @param blocks `job`, `token` and `instance` as in a scenario file
 * @param settings each `KEY=VALUE`; KEY a key of the job, such as `environment.name`, or a whole path such as
 *   `token.claims.exp`; VALUE as in YAML, or as it stands where a text is wanted
 * @throws MockError `invalid_request` where the result would be no scenario
 */
export function adjust<Blocks extends Adjustment>(
	scenario: Blocks,
	blocks: unknown,
	settings: readonly string[],
): Blocks {
	let adjusted = scenario;
	if (isJsonObject(blocks) && Object.keys(blocks).length > 0)
		adjusted = lay(adjusted, blocks);
	for (const setting of settings) adjusted = applySetting(adjusted, setting);
	return adjusted;
}

/**
 * The differences of a baseline that `settings` make, such as `project.path=acme/app`.
 * @throws MockError `invalid_request` where they are none of a job
 */
export function baselineOf(
	settings: readonly string[],
): JobDifferences | undefined {
	const stray = settings.find((setting) => /^(token|instance)\b/.test(setting));
	if (stray !== undefined) {
		throw new MockError(
			"invalid_request",
			`a baseline is a job, and has no ${stray.split(/[.=]/, 1)[0]}`,
		);
	}
	const adjusted: Adjustment = adjust({}, undefined, settings);
	return adjusted.job;
}

function applySetting<Blocks extends Adjustment>(
	scenario: Blocks,
	setting: string,
): Blocks {
	const cut = setting.indexOf("=");
	if (cut < 1) {
		throw new MockError(
			"invalid_request",
			`set: expected KEY=VALUE, such as ref=main, not "${setting.slice(0, 80)}"`,
		);
	}
	const path = pathOf(setting.slice(0, cut));
	const text = setting.slice(cut + 1);
	let refused: unknown;
	for (const value of readings(text)) {
		try {
			return lay(scenario, nest(path, value));
		} catch (error) {
			refused ??= error;
		}
	}
	throw refused;
}

/** The value as YAML reads it, then the text itself: `ref=1.0` is a text because a ref is one. */
function readings(text: string): unknown[] {
	if (tooComplex(text)) return [text];
	try {
		return [parse(text, { stringKeys: true, maxAliasCount: 0 }), text];
	} catch {
		return [text];
	}
}

/** A claim's name may have dots, so what follows `token.claims.` is one step. */
function pathOf(key: string): string[] {
	const member = /^(token)\.(claims|header)\.(.+)$/.exec(key);
	if (member) return member.slice(1);
	const steps = key.split(".");
	return ["job", "token", "instance"].includes(steps[0] as string)
		? steps
		: ["job", ...steps];
}

const nest = (path: readonly string[], value: unknown): unknown =>
	path.reduceRight<unknown>(
		(inner, step) => Object.fromEntries([[step, inner]]),
		value,
	);

function lay<Blocks extends Adjustment>(
	scenario: Blocks,
	blocks: unknown,
): Blocks {
	const { job, token, instance } = scenario;
	try {
		const merged = overlay({ job, token, instance }, blocks, []);
		const result = adjustmentSchema.safeParse(merged);
		if (result.success) return { ...scenario, ...definedIn(result.data) };
		throw new MockError("invalid_request", issueText(result.error, "scenario"));
	} catch (error) {
		if (!(error instanceof RangeError)) throw error; // of the stack
		throw new MockError("invalid_request", "a value is nested too deeply");
	}
}

const definedIn = (data: Adjustment): Partial<Adjustment> =>
	Object.fromEntries(
		Object.entries(data).filter(([, value]) => value !== undefined),
	);

const FORBIDDEN = new Set(["__proto__", "constructor", "prototype"]);
const DEEPEST = 3; // below it a value is a whole: token.claims.NAME, job.project.path

/** Whether a mapping replaces what was there, as a choice among forms does: a signature, an edit of a text. */
const isWhole = (value: unknown, path: readonly string[]) =>
	path.length >= DEEPEST ||
	path.join(".") === "token.sign" ||
	(path[0] === "job" && jobEditSchema.safeParse(value).success);

function overlay(
	base: unknown,
	over: unknown,
	path: readonly string[],
): unknown {
	if (!isJsonObject(over)) return over;
	const replaces =
		!isJsonObject(base) || isWhole(base, path) || isWhole(over, path);
	const merged = new Map(replaces ? [] : Object.entries(base));
	for (const [name, value] of Object.entries(over)) {
		if (FORBIDDEN.has(name)) {
			throw new MockError("invalid_request", `"${name}" cannot be set`);
		}
		merged.set(name, overlay(merged.get(name), value, [...path, name]));
	}
	return Object.fromEntries(merged);
}
