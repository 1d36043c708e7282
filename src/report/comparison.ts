// What is new and what is gone since an earlier run, for a terminal.
import type { Comparison } from "../verdict/compare.js";
import { cleaned } from "./clean.js";
import type { Paint } from "./options.js";
import { count } from "./words.js";
import { bullet, wrap } from "./wrap.js";

const LISTED = 6;

/**
 * The comparison as lines.
 * @param since what it is compared with, such as a file and its date
 */
export function renderComparison(
	comparison: Comparison,
	since: string,
	{ width, paint }: { width: number; paint: Paint },
): string {
	const { causes, findings, unknown } = cleaned(comparison);
	const listed = (ids: readonly string[]) => {
		const more = ids.length - LISTED;
		return `${ids.slice(0, LISTED).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
	};
	const line = (what: string, ids: readonly string[]) =>
		ids.length === 0
			? []
			: bullet(
					`${count(ids.length, "finding")} ${what}: ${listed(ids)}`,
					width,
				);
	const lines = [
		...causes.fresh.flatMap((one) => bullet(`new: ${one}`, width)),
		...causes.gone.flatMap((one) => bullet(`gone: ${one}`, width)),
		...line("new", findings.fresh),
		...line("gone", findings.gone),
		...line("that the earlier run did not ask for", unknown.before),
		...line("of before that this run did not ask for", unknown.after),
	];
	return [
		...wrap(`Since ${cleaned(since)}`, width).map((one) => paint("bold", one)),
		...(lines.length > 0 ? lines : bullet("nothing new, nothing gone", width)),
		"",
	].join("\n");
}
