// The file at which a report shows what it found: its path in the repository, and its place for SARIF.
import type { PhysicalLocation } from "sarif";

/** Where they are shown if no file is named: GitHub takes no result without one. */
const NO_FILE = "relying-party";

/** The place that `file` is, a path in the repository or an absolute one. */
export function placeOf(file: string | undefined): PhysicalLocation {
	const path = repositoryPath(file);
	// A lone surrogate cannot be encoded.
	const encoded = encodeURI(path.replace(/\p{Cs}/gu, "\ufffd")).replace(
		/[?#]/g,
		encodeURIComponent,
	);
	const absolute = /^(\/|[a-z]:)/i.test(path);
	return {
		artifactLocation: absolute
			? { uri: `file://${encoded.startsWith("/") ? "" : "/"}${encoded}` }
			: { uri: encoded, uriBaseId: "%SRCROOT%" },
		region: { startLine: 1 },
	};
}

/** `file` with the slashes of a URI; what stands for the relying party where there is none. */
export const repositoryPath = (file: string | undefined): string =>
	(file || NO_FILE).replaceAll("\\", "/").replace(/^(\.\/)+/, "");
