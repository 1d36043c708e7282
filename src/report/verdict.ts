// The whole result in one sentence, and what to do where it proves nothing.
import { STOPPED } from "../verdict/control-finding.js";
import type { FindingKind } from "../verdict/kinds.js";
import { hasAdvice } from "../verdict/objection.js";
import type { CheckResult } from "../verdict/result.js";
import { failingOf, tallyOf } from "./tally.js";
import { controlWords, count, joined } from "./words.js";

export interface Verdict {
	tone: "good" | "bad" | "void";
	word: "Passed" | "No findings" | "Failed" | "Proves nothing";
	/** what was found, or why the run proves nothing */
	sentence: string;
	/** what to do, where there is something to do before anything else */
	advice: string[];
}

const DID: Readonly<Record<FindingKind, string>> = {
	dangerous: "accepted tokens that it should refuse",
	broken: "gave no clear answer",
	"too-strict": "refused genuine tokens",
	service: "accepted what every such service accepts",
	note: "accepted what the specifications leave open",
	stale: "passed checks that are listed as known failures",
	unproven: "was not checked to the end",
};

/** What the result says, in one sentence. */
export function verdictOf(result: CheckResult): Verdict {
	if (result.conclusion === "proves-nothing") {
		const reason = result.reason || "the reason is not known";
		return {
			tone: "void",
			word: "Proves nothing",
			sentence: sentenceOf(reason),
			advice: adviceFor(result),
		};
	}
	const failing = failingOf(result.findings);
	if (failing.length === 0) return passed(result);
	const did = Object.entries(DID).flatMap(([kind, words]) => {
		const cases = failing.filter((finding) => finding.kind === kind).length;
		return cases === 0 ? [] : [`${words} (${count(cases, "finding")})`];
	});
	return {
		tone: "bad",
		word: "Failed",
		sentence: `${count(tallyOf(result).causes, "cause")} to fix: the relying party ${joined(did)}.${alsoReported(result)}`,
		advice: [],
	};
}

function passed(result: CheckResult): Verdict {
	const made = tallyOf(result).checked;
	const left = [...result.scenarios, ...result.probes].filter(
		({ outcome }) => outcome === "skipped",
	).length;
	const isSelection = result.conclusion === "no-findings";
	return {
		tone: "good",
		word: isSelection ? "No findings" : "Passed",
		sentence: `No finding in ${count(made, "check")} fails the run.${isSelection ? ` ${count(left, "check was", "checks were")} left out by choice, so it is not known whether the relying party conforms.` : ""}${alsoReported(result)}`,
		advice: [],
	};
}

function alsoReported(result: CheckResult): string {
	const { mild } = tallyOf(result);
	if (mild === 0) return "";
	return ` ${count(mild, "finding is", "findings are")} reported without failing the run.`;
}

function adviceFor(result: CheckResult): string[] {
	const { sent, accepted } = result.controls;
	if (result.reason?.startsWith(STOPPED) && sent > 0 && accepted === sent)
		return [
			`${controlWords(result)} How it answers the tokens that were not sent is not known.`,
		];
	const advice = [
		`${controlWords(result)} A service that refuses every token also refuses the forged ones: until it accepts the honest token, a refusal proves nothing.`,
	];
	if (hasAdvice(result.reason ?? "")) return advice;
	if (sent === 0 || accepted === 0) {
		advice.push(
			`See that the relying party can be reached (${result.target}), that it trusts the issuer ${result.issuer} and can fetch its discovery document and keys, and that it expects the audience ${result.audience}.`,
		);
	} else if (accepted < sent) {
		advice.push(
			"The relying party gives different answers to the same token. See whether it has a rate limit, loses its connection to the issuer, or consists of several instances that are configured differently.",
		);
	}
	if (accepted < sent || sent === 0) {
		advice.push(
			"See that the profile describes a job that the relying party accepts. Send it one honest token by hand, and read what it logs.",
		);
	}
	return advice;
}

function sentenceOf(text: string): string {
	const [first = "", ...rest] = text;
	const ended = /[.!?…]$/.test(text) ? "" : ".";
	return first.toUpperCase() + rest.join("") + ended;
}
