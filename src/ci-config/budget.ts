// How much work one pipeline file may cause: aliases, references, extends, variables and rules can multiply a small text.
import { MockError } from "../errors.js";

/** The largest file, in bytes. */
export const LARGEST_FILE = 1024 * 1024;

const MOST_STEPS = 2_000_000; // values read, copied or merged: about a second

export interface Budget {
	/** @throws MockError `too_large` */
	spend(steps: number): void;
}

/**
 * @param file what to call it in the error
 */
export function createBudget(file: string): Budget {
	let left = MOST_STEPS;
	return {
		spend(steps) {
			left -= steps;
			if (!(left >= 0)) {
				throw new MockError(
					"too_large",
					`${file}: its aliases, references, extends, variables and rules take more than ${MOST_STEPS} steps`,
				);
			}
		},
	};
}
