// Measures several things in turns, so that what disturbs the machine for a while disturbs all of them.
// @ts-check

/**
 * What each measure gives in `rounds`, after one to warm up, as one value.
 * @template {string} Name
 * @param {number} rounds
 * @param {(values: readonly number[]) => number} summary
 * @param {Record<Name, () => Promise<number>>} measures
 * @returns {Promise<Record<Name, number>>}
 */
export async function inTurns(rounds, summary, measures) {
	const all = Object.entries(measures).map(([name, measure]) => ({
		name,
		measure: /** @type {() => Promise<number>} */ (measure),
		/** @type {number[]} */
		values: [],
	}));
	for (let round = 0; round <= rounds; round++) {
		for (const { measure, values } of all) {
			const value = await measure();
			if (round > 0) values.push(value);
		}
	}
	return /** @type {Record<Name, number>} */ (
		Object.fromEntries(all.map(({ name, values }) => [name, summary(values)]))
	);
}

/**
 * For rates: whatever else the machine does only lowers them.
 * @param {readonly number[]} values
 */
export const best = (values) => Math.max(...values);

/**
 * For times that are a matter of luck.
 * @param {readonly number[]} values
 */
export function median(values) {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
