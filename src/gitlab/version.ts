// GitLab's version numbers: which claims a token has depends on them.
import { MockError } from "../errors.js";

/** The newest whose claims are known: emulated unless another is asked for. */
export const LATEST_VERSION = "19.5";

/** The first version that made a token with `aud` (CI_JOB_JWT_V2); `id_tokens` came in 15.7. */
export const OLDEST_VERSION = "14.7";

const VERSION = /^(\d{1,3})\.(\d{1,3})(?:\.(\d{1,3}))?$/;

// Every token asks some twenty times; versions come from outside, so not all are kept.
const MOST_ORDINALS = 1000;
const ordinals = new Map<string, number | undefined>();

/** A version as one comparable number, or undefined where `text` is none. */
function ordinal(text: string): number | undefined {
	if (!ordinals.has(text)) {
		if (ordinals.size >= MOST_ORDINALS) ordinals.clear();
		ordinals.set(text, readOrdinal(text));
	}
	return ordinals.get(text);
}

function readOrdinal(text: string): number | undefined {
	const match = VERSION.exec(text);
	if (!match) return undefined;
	const [, major, minor, patch = "0"] = match;
	return Number(major) * 1e6 + Number(minor) * 1e3 + Number(patch);
}

/** Tells whether `version` is `wanted` or newer. Both are `major.minor[.patch]`. */
export function atLeast(version: string, wanted: string): boolean {
	return (ordinal(version) ?? Number.NaN) >= (ordinal(wanted) ?? Number.NaN);
}

/** Tells whether `text` names a version that can be emulated. */
export function isGitLabVersion(text: string): boolean {
	return text === "latest" || atLeast(text, OLDEST_VERSION);
}

/**
 * Reads a version, `latest` or `major.minor[.patch]`.
 * @throws MockError `invalid_option` for anything else, or a version before {@link OLDEST_VERSION}
 */
export function parseVersion(text: string): string {
	if (!isGitLabVersion(text)) {
		throw new MockError(
			"invalid_option",
			`"${text}" is not a GitLab version that can be emulated: use "latest" or major.minor, ${OLDEST_VERSION} or newer`,
		);
	}
	return text === "latest" ? LATEST_VERSION : text;
}
