// The rules of a SARIF report: what is wrong in the relying party, with help, and how severe it is.
import type { ReportingDescriptor } from "sarif";
import type { FindingKind } from "../verdict/kinds.js";
import type { Cause, CheckFinding, CheckResult } from "../verdict/result.js";
import { causeWords } from "./cause-words.js";
import { findingsOf } from "./tally.js";
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

/** The rule of a cause. */
export function causeRule(
	cause: Cause,
	result: CheckResult,
): ReportingDescriptor {
	const { id, sentence, attack, kind, fails, level, impact } = cause;
	const found = findingsOf(cause, result);
	const worst = found.find((finding) => finding.id === cause.example);
	const severity = severityOf(cause, worst);
	const uri = webAddress(worst?.link ?? "");
	return {
		id,
		name: nameOf(id),
		shortDescription: { text: sentence || id },
		fullDescription: { text: [sentence, attack].join(" ").trim() || id },
		...(uri && { helpUri: uri }),
		help: {
			text: helpText(cause, found, result),
			markdown: helpMarkdown(cause, found, result),
		},
		defaultConfiguration: { level: severity ? "error" : "warning" },
		properties: {
			tags: [...(severity ? ["security"] : []), kind, level, impact],
			precision: "very-high",
			...(severity
				? { "security-severity": severity }
				: { "problem.severity": fails ? "error" : "warning" }),
		},
	};
}

function severityOf(
	{ kind, level, impact }: Cause,
	worst: CheckFinding | undefined,
): string | undefined {
	if (kind !== "dangerous" && kind !== "broken") return undefined;
	if (kind === "dangerous") {
		if (impact === "forgery" && worst?.only_if === null) return CRITICAL;
		if (impact === "hygiene") return SEVERITY.dangerous.may;
	}
	return SEVERITY[kind][level];
}

const nameOf = (id: string): string =>
	id
		.split(/[^A-Za-z0-9]+/)
		.map((part) => part.slice(0, 1).toUpperCase() + part.slice(1))
		.join("") || "Cause";

function parts(
	cause: Cause,
	found: readonly CheckFinding[],
	result: CheckResult,
): [head: string, text: string][] {
	const worst = found.find(({ id }) => id === cause.example);
	const distinct = (texts: readonly string[]) => [...new Set(texts)].join(", ");
	const all: [string, string][] = [
		["What is wrong", `${cause.sentence} ${KIND_WORDS[cause.kind].meaning}.`],
		...causeWords(cause, result).parts,
		["Why", worst?.why ?? ""],
		["Rule", worst?.rule ? ruleWords(worst.rule) : ""],
		["Level", worst ? levelWords(worst) : ""],
		["Impact", worst ? impactWords(worst) : ""],
		["Where it is written", distinct(found.flatMap(({ spec }) => spec))],
		["Seen in", distinct(found.flatMap(({ seen }) => seen))],
		["To read", worst?.link ?? ""],
	];
	return all.filter(([, text]) => text !== "");
}

function helpText(...given: Parameters<typeof parts>): string {
	const { again } = causeWords(given[0], given[2]);
	return [
		...parts(...given).map(([head, text]) => `${head}: ${text}`),
		...(again ? [`To make such a token again: ${again}`] : []),
	].join("\n");
}

function helpMarkdown(...given: Parameters<typeof parts>): string {
	const { again } = causeWords(given[0], given[2]);
	return [
		...parts(...given).map(([head, text]) => {
			const address = webAddress(text);
			return `**${head}**: ${address ? `<${address}>` : escaped(text)}`;
		}),
		...(again ? [`**To make such a token again**\n\n    ${again}`] : []),
	].join("\n\n");
}

const escaped = (text: string) =>
	text.replace(/[\\`*_{}[\]<>()#+!|~&]/g, "\\$&");
