// The rules of a SARIF report: what a scenario is about, with help, and how severe its finding is.
import type { ReportingDescriptor } from "sarif";
import type { FindingKind } from "../verdict/kinds.js";
import type { CheckFinding } from "../verdict/result.js";
import {
	impactWords,
	KIND_WORDS,
	levelWords,
	ruleWords,
	webAddress,
} from "./words.js";

// On CVSS's scale, by which GitHub sorts: from 9.0 critical, 7.0 high, 4.0 medium, below it low.
const SEVERITY: Readonly<
	Record<
		Extract<FindingKind, "dangerous" | "broken">,
		Readonly<Record<CheckFinding["level"], string>>
	>
> = {
	dangerous: { must: "8.6", should: "5.5", may: "3.0" },
	broken: { must: "5.9", should: "3.7", may: "2.0" },
};
/** Anyone gets in, and needs no access to the instance. */
const CRITICAL = "9.8";

/** What a run that proves nothing is reported under. */
export const VOID_RULE: ReportingDescriptor = {
	id: "run/proves-nothing",
	name: "ProvesNothing",
	shortDescription: { text: "The run proves nothing" },
	fullDescription: {
		text: "The relying party did not answer the honest token as it should, so its other answers say nothing.",
	},
	help: {
		text: "See that the relying party can be reached, trusts the issuer and expects the audience, and that the profile's policy describes what it lets in.",
	},
	defaultConfiguration: { level: "error" },
	properties: { tags: ["run"], "problem.severity": "error" },
};

/** The rule of a finding's scenario. */
export function scenarioRule(finding: CheckFinding): ReportingDescriptor {
	const { id, title, kind, why, gain, link, rule } = finding;
	const severity = severityOf(finding);
	return {
		id,
		name: nameOf(id),
		shortDescription: { text: title || id },
		fullDescription: { text: [why, gain].join(" ").trim() || title || id },
		...(webAddress(link) && { helpUri: webAddress(link) }),
		help: { text: helpText(finding), markdown: helpMarkdown(finding) },
		defaultConfiguration: { level: severity ? "error" : "warning" },
		properties: {
			tags: [
				...(severity ? ["security"] : []),
				kind,
				finding.level,
				finding.impact,
				...(rule === null ? [] : [rule]),
			],
			precision: "very-high",
			...(severity
				? { "security-severity": severity }
				: { "problem.severity": finding.fails ? "error" : "warning" }),
		},
	};
}

function severityOf({
	kind,
	level,
	impact,
	only_if,
}: CheckFinding): string | undefined {
	if (kind !== "dangerous" && kind !== "broken") return undefined;
	if (kind === "dangerous") {
		if (impact === "forgery" && only_if === null) return CRITICAL;
		if (impact === "hygiene") return SEVERITY.dangerous.may;
	}
	return SEVERITY[kind][level];
}

const nameOf = (id: string): string =>
	id
		.split(/[^A-Za-z0-9]+/)
		.map((part) => part.slice(0, 1).toUpperCase() + part.slice(1))
		.join("") || "Scenario";

function parts(finding: CheckFinding): [head: string, text: string][] {
	const { kind, why, gain, remedy, rule, spec, seen } = finding;
	const all: [string, string][] = [
		["What is wrong", `${KIND_WORDS[kind].meaning}.`],
		["What an attacker gains, or a user loses", gain],
		["What to do", remedy],
		["Why", why],
		["Rule", rule === null ? "" : ruleWords(rule)],
		["Level", levelWords(finding)],
		["Impact", impactWords(finding)],
		["Where it is written", spec.join(", ")],
		["Seen in", seen.join(", ")],
	];
	return all.filter(([, text]) => text !== "");
}

function helpText(finding: CheckFinding): string {
	const again = finding.reproduce
		? [`To make such a token again: ${finding.reproduce}`]
		: [];
	return [
		...parts(finding).map(([head, text]) => `${head}: ${text}`),
		...again,
		`To read: ${finding.link}`,
	].join("\n");
}

function helpMarkdown(finding: CheckFinding): string {
	const again = finding.reproduce
		? [`**To make such a token again**\n\n    ${finding.reproduce}`]
		: [];
	const address = webAddress(finding.link);
	return [
		...parts(finding).map(([head, text]) => `**${head}**: ${escaped(text)}`),
		...again,
		`**To read**: ${address ? `<${address}>` : escaped(finding.link)}`,
	].join("\n\n");
}

const escaped = (text: string) =>
	text.replace(/[\\`*_{}[\]<>()#+!|~&]/g, "\\$&");
