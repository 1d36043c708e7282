// `exists`: a file among those of a project.
import { pathMatcher } from "./fnmatch.js";

/**
 * The first of the paths that fits one of the wildcards.
 * @param spend is told how much work that is
 * @throws MockError `too_large`
 */
export function findPath(
	paths: Iterable<string>,
	wildcards: readonly string[],
	spend: (steps: number) => void,
): string | undefined {
	const tests = wildcards.map((wildcard) => pathMatcher(wildcard, spend));
	for (const path of paths) if (tests.some((fits) => fits(path))) return path;
	return undefined;
}
