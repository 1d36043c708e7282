// What was measured as a table: ours, the other's, their ratio, and what is wanted of it.
// @ts-check

/**
 * @typedef {object} Row
 * @property {string} what
 * @property {number} ours
 * @property {number} other
 * @property {string} against who the other is
 * @property {number} [atLeast] the ratio that is wanted
 * @property {number} [atMost]
 */

const HEAD = ["", "ours", "other", "", "ratio", "wanted", ""];
const NUMBERS = new Set(["ours", "other", "ratio"]);

/** @param {readonly Row[]} rows */
export function table(rows) {
	const lines = [HEAD, ...rows.map(cells)];
	const widths = HEAD.map((_, column) =>
		Math.max(...lines.map((line) => line[column]?.length ?? 0)),
	);
	const pad = (/** @type {string} */ cell, /** @type {number} */ column) =>
		NUMBERS.has(HEAD[column] ?? "")
			? cell.padStart(widths[column] ?? 0)
			: cell.padEnd(widths[column] ?? 0);
	return lines.map((line) => line.map(pad).join("  ").trimEnd()).join("\n");
}

/** @param {Row} row */
function cells({ what, ours, other, against, atLeast, atMost }) {
	const ratio = ours / other;
	const figures = [what, ours.toFixed(0), other.toFixed(0), against];
	if (atLeast !== undefined) {
		return [
			...figures,
			ratio.toFixed(2),
			`≥ ${atLeast}`,
			verdict(ratio >= atLeast),
		];
	}
	if (atMost !== undefined) {
		return [
			...figures,
			ratio.toFixed(2),
			`≤ ${atMost}`,
			verdict(ratio <= atMost),
		];
	}
	return [...figures, ratio.toFixed(2), "", ""];
}

const verdict = (/** @type {boolean} */ met) => (met ? "met" : "missed");
