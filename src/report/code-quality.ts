// The report for GitLab's Code Quality: an issue a cause, at the profile, which the merge request shows.
import { createHash } from "node:crypto";
import type { Cause, CheckResult } from "../verdict/result.js";
import { cleanResult } from "./clean.js";
import type { RenderOptions } from "./options.js";
import { repositoryPath } from "./place.js";

/** Of a path, in characters. */
const LONGEST = 500;

/** A JSON array, as GitLab's `artifacts:reports:codequality` takes it. */
export function renderCodeQuality(
	result: CheckResult,
	options: RenderOptions = {},
): string {
	const path = repositoryPath(options.profile)
		// No control character, and no lone surrogate, is part of a path that is shown.
		.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufffe\uffff]/gu, "\ufffd")
		.slice(0, LONGEST);
	const issues = cleanResult(result).causes.map((cause) => ({
		description: `${cause.sentence} ${cause.remedy}`.trim(),
		check_name: cause.id,
		fingerprint: createHash("sha256")
			.update(`${path}\n${cause.id}`)
			.digest("hex"),
		severity: severityOf(cause),
		location: { path, lines: { begin: 1 } },
	}));
	return `${JSON.stringify(issues, null, 2)}\n`;
}

function severityOf({ kind, fails, impact }: Cause): string {
	if (!fails) return kind === "note" ? "info" : "minor";
	return kind === "dangerous" && impact === "forgery" ? "blocker" : "major";
}
