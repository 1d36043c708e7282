// The report as SARIF 2.1.0, as GitHub's code scanning takes it: a rule a scenario, a result a finding.
import { createHash } from "node:crypto";
import type {
	Artifact,
	Invocation,
	Log,
	Notification,
	PhysicalLocation,
	ReportingDescriptor,
	Result,
} from "sarif";
import type { CheckFinding, CheckResult } from "../verdict/result.js";
import { cleanResult } from "./clean.js";
import type { RenderOptions } from "./options.js";
import { scenarioRule, VOID_RULE } from "./sarif-rule.js";
import { sortFindings } from "./summary.js";
import { verdictOf } from "./verdict.js";

const SCHEMA =
	"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/** Where findings are shown if no profile is named: GitHub takes no result without a file. */
const NO_PROFILE = "relying-party";

/** SARIF 2.1.0; the findings stand at line 1 of `options.profile`, a path in the repository. */
export function renderSarif(
	result: CheckResult,
	options: RenderOptions = {},
): string {
	const clean = cleanResult(result);
	const findings = sortFindings(clean.findings);
	const rules: ReportingDescriptor[] = [];
	for (const finding of findings) {
		// Of two findings on one scenario the worse one, which comes first, gives the rule its severity.
		if (!rules.some(({ id }) => id === finding.id))
			rules.push(scenarioRule(finding));
	}
	const place = placeOf(options.profile);
	const results = findings.map((finding) => resultOf(finding, rules, place));
	if (clean.conclusion === "proves-nothing") {
		results.unshift(voidResult(clean, rules.length, place));
		rules.push(VOID_RULE);
	}
	const { name, version } = clean.tool;
	const log: Log = {
		$schema: SCHEMA,
		version: "2.1.0",
		runs: [
			{
				tool: { driver: { name, version, rules } },
				invocations: [invocationOf(clean)],
				artifacts: [artifactOf(place)],
				columnKind: "utf16CodeUnits",
				results,
			},
		],
	};
	return `${JSON.stringify(log, null, 2)}\n`;
}

function resultOf(
	finding: CheckFinding,
	rules: readonly ReportingDescriptor[],
	place: PhysicalLocation,
): Result {
	const { id, kind, level, fails, title, actual, expected, gain } = finding;
	const { impact, only_if, token, reproduce } = finding;
	return {
		ruleId: id,
		ruleIndex: rules.findIndex((rule) => rule.id === id),
		level: levelOf(finding),
		message: {
			text: plain(
				`${title}: expected ${expected}; actual ${actual}. ${gain}`.trim(),
			),
		},
		locations: [{ physicalLocation: place }],
		partialFingerprints: fingerprints(kind, id),
		properties: {
			kind,
			level,
			impact,
			only_if,
			fails,
			actual,
			reproduce,
			token,
		},
	};
}

const levelOf = ({
	fails,
	kind,
}: CheckFinding): "error" | "warning" | "note" =>
	fails
		? "error"
		: kind === "dangerous" || kind === "broken"
			? "warning"
			: "note";

function voidResult(
	result: CheckResult,
	ruleIndex: number,
	place: PhysicalLocation,
): Result {
	const { word, sentence, advice } = verdictOf(result);
	return {
		ruleId: VOID_RULE.id,
		ruleIndex,
		level: "error",
		message: { text: plain([`${word}: ${sentence}`, ...advice].join(" ")) },
		locations: [{ physicalLocation: place }],
		partialFingerprints: fingerprints("run", VOID_RULE.id),
	};
}

/** Brackets would make a link of an answer's text (SARIF §3.11.6). */
const plain = (text: string) => text.replace(/[[\]\\]/g, "\\$&");

/** The same finding is the same alert, whatever the relying party answered this time. */
function fingerprints(kind: string, id: string): Record<string, string> {
	const hash = createHash("sha256").update(`${kind}\n${id}`).digest("hex");
	return { primaryLocationLineHash: `${hash.slice(0, 16)}:1` };
}

function placeOf(profile: string | undefined): PhysicalLocation {
	const path = (profile || NO_PROFILE)
		.replaceAll("\\", "/")
		.replace(/^(\.\/)+/, "");
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

const artifactOf = ({ artifactLocation }: PhysicalLocation): Artifact =>
	artifactLocation ? { location: artifactLocation } : {};

function invocationOf(result: CheckResult): Invocation {
	const { sentence, tone } = verdictOf(result);
	const at = new Date(result.started);
	const start = Number.isNaN(at.getTime()) ? undefined : at;
	const notes: Notification[] = result.notes.map((note) => ({
		level: "note",
		message: { text: plain(note) },
	}));
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
