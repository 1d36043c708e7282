// The report as SARIF 2.1.0, as GitHub's code scanning takes it: a rule and a result a cause.
import { createHash } from "node:crypto";
import type {
	Artifact,
	Invocation,
	Log,
	Notification,
	PhysicalLocation,
	Result,
} from "sarif";
import type { Cause, CheckResult } from "../verdict/result.js";
import { HOMEPAGE } from "../version.js";
import { cleanResult } from "./clean.js";
import type { RenderOptions } from "./options.js";
import { placeOf, repositoryPath } from "./place.js";
import { causeRule } from "./sarif-rule.js";
import { findingsOf, unexplained } from "./tally.js";
import { verdictOf } from "./verdict.js";
import { count, joined } from "./words.js";

const SCHEMA =
	"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/** SARIF 2.1.0; the causes stand at line 1 of `options.sarifFile` or the profile, paths in the repository. */
export function renderSarif(
	result: CheckResult,
	options: RenderOptions = {},
): string {
	const clean = cleanResult(result);
	const { causes, tool } = clean;
	const place = placeOf(options.sarifFile ?? options.profile);
	const profile = repositoryPath(options.profile);
	const { name, version } = tool;
	const rules = causes.map((cause) => causeRule(cause, clean));
	const log: Log = {
		$schema: SCHEMA,
		version: "2.1.0",
		runs: [
			{
				tool: {
					driver: {
						...{ name, version, rules },
						...(HOMEPAGE !== undefined && { informationUri: HOMEPAGE }),
					},
				},
				invocations: [invocationOf(clean)],
				artifacts: [artifactOf(place)],
				columnKind: "utf16CodeUnits",
				results: causes.map((cause, ruleIndex) => ({
					...resultOf(cause, clean),
					ruleIndex,
					locations: [{ physicalLocation: place }],
					partialFingerprints: fingerprints(cause.id, profile),
				})),
			},
		],
	};
	return `${JSON.stringify(log, null, 2)}\n`;
}

/** So many of a cause's findings are named in its message; its properties have all. */
const NAMED = 10;

function resultOf(cause: Cause, result: CheckResult): Result {
	const { id, kind, level, impact, fails, sentence, attack, remedy } = cause;
	const found = findingsOf(cause, result);
	const more = cause.findings.length - NAMED;
	const named = cause.findings.slice(0, NAMED);
	const shown = `Shown by ${count(cause.findings.length, "finding")}: ${joined(more > 0 ? [...named, `${more} more`] : named)}.`;
	const text = [sentence, attack, remedy && `To do: ${remedy}`, shown]
		.filter((part) => part !== "")
		.join(" ");
	return {
		ruleId: id,
		level: levelOf(cause),
		message: { text: plain(text) },
		properties: {
			...{ kind, level, impact, fails },
			example: cause.example,
			findings: found.map(
				({ id, title, fails, only_if, actual, reproduce, token }) => ({
					...{ id, title, fails, only_if, actual, reproduce, token },
				}),
			),
		},
	};
}

const levelOf = ({ fails, kind }: Cause): "error" | "warning" | "note" =>
	fails
		? "error"
		: kind === "dangerous" || kind === "broken"
			? "warning"
			: "note";

/** Brackets would make a link of an answer's text (SARIF §3.11.6). */
const plain = (text: string) => text.replace(/[[\]\\]/g, "\\$&");

/** The same cause in the same profile is the same alert, wherever it stands and whatever showed it this time. */
function fingerprints(cause: string, profile: string): Record<string, string> {
	const hash = createHash("sha256").update(`${cause}\n${profile}`);
	return {
		primaryLocationLineHash: `${hash.digest("hex").slice(0, 16)}:1`,
	};
}

const artifactOf = ({ artifactLocation }: PhysicalLocation): Artifact =>
	artifactLocation ? { location: artifactLocation } : {};

function invocationOf(result: CheckResult): Invocation {
	const { sentence, tone } = verdictOf(result);
	const at = new Date(result.started);
	const start = Number.isNaN(at.getTime()) ? undefined : at;
	const notes: Notification[] = [...result.notes, ...restWords(result)].map(
		(note) => ({ level: "note", message: { text: plain(note) } }),
	);
	const end = start && new Date(start.getTime() + result.duration * 1000);
	return {
		executionSuccessful: tone !== "void",
		...(start && { startTimeUtc: start.toISOString() }),
		...(end &&
			!Number.isNaN(end.getTime()) && { endTimeUtc: end.toISOString() }),
		toolExecutionNotifications:
			tone === "void"
				? [{ level: "error", message: { text: plain(sentence) } }, ...notes]
				: notes,
	};
}

/** What nobody has to mend is no alert. */
function restWords(result: CheckResult): string[] {
	const ids = unexplained(result).map(({ id }) => id);
	return ids.length === 0
		? []
		: [
				`${count(ids.length, "finding")} that nobody has to fix: ${joined(ids)}.`,
			];
}
