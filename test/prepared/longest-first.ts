// The order of the test files: those that take long begin first, or one of them would run on when all others are through.
import { join, relative } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** By measurement, the longest first; a file or a folder. Any other takes less. */
const LONG = [
	"package/package",
	"cli/check-stopped",
	"check/check.test",
	"check/correct/",
	"check/soundness/",
	"cli/serve",
	"server/fuzz",
	"cli/",
	"ci-config/refusals",
	"relying-party/",
	"check/",
	"presets/",
	"situations",
	"server/",
];

const TESTS = join(import.meta.dirname, "..");

function rank({ moduleId }: TestSpecification): number {
	const path = relative(TESTS, moduleId);
	const place = LONG.findIndex((start) => path.startsWith(start));
	return place < 0 ? LONG.length : place;
}

export class LongestFirst extends BaseSequencer {
	override async sort(files: TestSpecification[]) {
		return [...files].sort((a, b) => rank(a) - rank(b));
	}
}
