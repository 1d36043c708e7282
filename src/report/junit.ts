// The report as JUnit XML, which GitLab, GitHub and most CI systems show as tests; it fits the schema of Jenkins.
import {
	type CheckFinding,
	type CheckResult,
	wasAsked,
} from "../verdict/result.js";
import { causeWords } from "./cause-words.js";
import { cleanResult } from "./clean.js";
import { type Markup, markup } from "./markup.js";
import { familyOf } from "./summary.js";
import { verdictOf } from "./verdict.js";
import {
	impactWords,
	KIND_WORDS,
	levelWords,
	measures,
	ruleWords,
} from "./words.js";

interface TestCase {
	family: string;
	name: string;
	seconds: number;
	status: "passed" | "failed" | "skipped";
	body: Markup | null;
}

/** The suite of what is said of the run as a whole. */
const RUN = "run";

/** JUnit XML: a suite a family, a case a scenario or probe; what fails the run is a failure. The causes are the run's output. */
export function renderJunit(result: CheckResult): string {
	const clean = cleanResult(result);
	const cases = [...ownCases(clean), ...entryCases(clean)];
	const families = [...new Set(cases.map(({ family }) => family))];
	const { tool, started, duration } = clean;
	// The form of the format's own schema has no time zone.
	const stamp = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.exec(started)?.[0];
	const at = stamp ? markup` timestamp="${stamp}"` : null;
	const suites = families.map((family) => {
		const own = cases.filter((test) => test.family === family);
		const seconds = own.reduce((sum, test) => sum + test.seconds, 0);
		return markup`  <testsuite name="${family}"${counts(own, seconds)} skipped="${numberOf(own, "skipped")}"${at}>
${own.map((test) => testCase(test, tool.name))}${family === RUN && causesOutput(clean)}  </testsuite>
`;
	});
	return markup`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="${tool.name}"${counts(cases, duration)}>
${suites}</testsuites>
`.markup;
}

const numberOf = (cases: readonly TestCase[], status: TestCase["status"]) =>
	cases.filter((test) => test.status === status).length;

const counts = (cases: readonly TestCase[], seconds: number): Markup =>
	markup` tests="${cases.length}" failures="${numberOf(cases, "failed")}" errors="0" time="${seconds.toFixed(3)}"`;

/** What is wrong, beside the tests that show it. */
function causesOutput(result: CheckResult): Markup | null {
	const texts = result.causes.map((cause, index) => {
		const { severity, often, parts } = causeWords(cause, result);
		return [
			`${index + 1}. ${cause.sentence}`,
			`${severity} (${often})`,
			...parts.map(([label, text]) => `${label}: ${text}`),
			`Tests: ${cause.findings.join(", ")}`,
		].join("\n");
	});
	return texts.length === 0
		? null
		: markup`    <system-out>${texts.join("\n\n")}</system-out>
`;
}

function testCase(test: TestCase, tool: string): Markup {
	const { name, family, seconds, body } = test;
	const head = markup`    <testcase classname="${tool}.${family}" name="${name}" time="${seconds.toFixed(3)}"`;
	return body === null
		? markup`${head}/>
`
		: markup`${head}>
${body}    </testcase>
`;
}

/** What is said of the run as a whole, and findings on what is not among its scenarios. */
function ownCases(result: CheckResult): TestCase[] {
	const { word, sentence } = verdictOf(result);
	const ids = new Set(
		[...result.scenarios, ...result.probes].map(({ id }) => id),
	);
	const isUnproven = ({ kind }: CheckFinding) => kind === "unproven";
	const others = result.findings.filter(
		(finding) => !ids.has(finding.id) && !isUnproven(finding),
	);
	const own = (name: string, body: ReturnType<typeof verdictBody>) => ({
		...{ family: RUN, name, seconds: 0 },
		...body,
	});
	return [
		own(
			"The run proves something",
			verdictBody(
				result.findings.filter(isUnproven),
				[`${word}: ${sentence}`, ...result.notes].join("\n"),
			),
		),
		...others.map((finding) =>
			own(`${finding.id}: ${finding.title}`, verdictBody([finding], "")),
		),
	];
}

function entryCases(result: CheckResult): TestCase[] {
	return [...result.scenarios, ...result.probes].map((entry) => {
		const { id, title, duration, outcome, detail } = entry;
		const findings = result.findings.filter((finding) => finding.id === id);
		const said = [
			detail,
			...("measured" in entry
				? [
						...measures(entry).map(([name, value]) => `${name}: ${value}`),
						...entry.evidence,
					]
				: []),
			entry.known ? "listed as a known failure" : "",
		].filter((line) => line !== "");
		const unasked = !wasAsked(outcome);
		return {
			family: familyOf(id),
			name: `${id}: ${title}`,
			seconds: duration,
			...(unasked && findings.length === 0
				? {
						status: "skipped" as const,
						body: markup`      <skipped>${detail || outcome}</skipped>
`,
					}
				: verdictBody(findings, said.join("\n"))),
		};
	});
}

function verdictBody(
	findings: readonly CheckFinding[],
	said: string,
): Pick<TestCase, "status" | "body"> {
	const failing = findings.filter(({ fails }) => fails);
	const [first] = failing;
	// One failure a case: readers of the format show only the first.
	const failed =
		first &&
		failure(
			first.kind,
			`${KIND_WORDS[first.kind].label}: ${first.actual}`,
			failing.map(findingText).join("\n\n"),
		);
	const rest = findings.filter(({ fails }) => !fails).map(findingText);
	const text = [said, ...rest].filter((part) => part !== "").join("\n\n");
	return {
		status: failed ? "failed" : "passed",
		body:
			failed || text !== ""
				? markup`${failed ?? null}${text !== "" && output(text)}`
				: null,
	};
}

const failure = (type: string, message: string, text: string) =>
	markup`      <failure type="${type}" message="${message}">${text}</failure>
`;

const output = (text: string) => markup`      <system-out>${text}</system-out>
`;

function findingText(finding: CheckFinding): string {
	const { label, meaning } = KIND_WORDS[finding.kind];
	const lines: [label: string, text: string | null][] = [
		["expected", finding.expected],
		["actual", finding.actual],
		["means", finding.gain],
		["why", finding.why],
		["rule", finding.rule && ruleWords(finding.rule)],
		["level", levelWords(finding)],
		["impact", impactWords(finding)],
		["spec", finding.spec.join(", ")],
		["seen in", finding.seen.join(", ")],
		["again", finding.reproduce],
		["token", finding.token],
		["do", finding.remedy],
		["read", finding.link],
	];
	return [
		`${label}: ${meaning}`,
		finding.title,
		...lines.flatMap(([name, text]) => (text ? [`${name}: ${text}`] : [])),
	].join("\n");
}
