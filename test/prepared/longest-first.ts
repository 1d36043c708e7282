// The order of the test files: those that take long begin first, or one of them would run on when all others are through.
import { join, relative } from "node:path";
import {
	BaseSequencer,
	type TestSequencerConstructor,
	type TestSpecification,
} from "vitest/node";

const TESTS = join(import.meta.dirname, "..");

/** @param long by measurement, the longest first; a file or a folder. Any other takes less. */
export function longestFirst(
	long: readonly string[],
): TestSequencerConstructor {
	function rank({ moduleId }: TestSpecification): number {
		const path = relative(TESTS, moduleId);
		const place = long.findIndex((start) => path.startsWith(start));
		return place < 0 ? long.length : place;
	}
	return class LongestFirst extends BaseSequencer {
		override async sort(files: TestSpecification[]) {
			return [...files].sort((a, b) => rank(a) - rank(b));
		}
	};
}
