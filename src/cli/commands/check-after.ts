// What a check does with its result beside reports: hold it against an earlier one, and list it as known.
import { renderComparison } from "../../report/comparison.js";
import { count } from "../../report/words.js";
import { type Compared, compareResults } from "../../verdict/compare.js";
import { knownFrom } from "../../verdict/known.js";
import type { CheckResult } from "../../verdict/result.js";
import { type Io, type Output, painter, widthOf } from "../io.js";
import { writeKnown } from "./check-known.js";

/** Tells what is new and what is gone since an earlier result. */
export function tellComparison(
	earlier: Compared,
	file: string,
	result: CheckResult,
	{ output, env }: { output: Output; env: Io["env"] },
): void {
	const told = renderComparison(
		compareResults(earlier, result),
		`${file} of ${earlier.started.slice(0, 10)}`,
		{ width: widthOf(output), paint: painter(output, env) },
	);
	output.write(`\n${told}`);
}

/**
 * Writes today's findings into the profile, and tells what it did.
 * @returns whether nothing is left that fails
 * @throws MockError `file` where the profile cannot be written
 */
export async function updateKnown(
	profile: string,
	result: CheckResult,
	{ stderr }: Io,
): Promise<boolean> {
	const update = knownFrom(result, new Date().toISOString().slice(0, 10));
	if (typeof update === "string") {
		stderr.write(`${profile} stays as it was: ${update}\n`);
		return false;
	}
	const { add, drop, left } = update;
	if (add.length + drop.length > 0) await writeKnown(profile, update);
	const gone = drop.length > 0 ? `, and ${drop.length} off the list` : "";
	stderr.write(
		`${profile}: ${count(add.length, "finding is", "findings are")} known from today${gone}\n`,
	);
	if (left.length > 0) {
		stderr.write(
			`never a known failure, and to be mended first: ${left.join(", ")}\n`,
		);
	}
	return left.length === 0;
}
