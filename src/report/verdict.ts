// The whole result in one sentence, and what to do where it proves nothing.
import { STOPPED } from "../verdict/control-finding.js";
import type { FindingKind } from "../verdict/kinds.js";
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
	dangerous: "let in what it has to refuse",
	broken: "gave no clear answer",
	"too-strict": "turned away what is genuine",
	service: "let in what such a service lets in",
	note: "let in what the specifications leave open",
	stale: "passed what is listed as a known failure",
	unproven: "was not asked to the end, so that nothing more is known",
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
		sentence: `${count(tallyOf(result).causes, "cause")} to mend: the relying party ${joined(did)}.${alsoReported(result)}`,
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
		sentence: `Nothing that fails the run was found in ${count(made, "check")}.${isSelection ? ` ${count(left, "check was", "checks were")} left out by choice: whether it conforms is not known.` : ""}${alsoReported(result)}`,
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
		return [`${controlWords(result)} What was not asked is not known.`];
	const advice = [
		`${controlWords(result)} What is said below about refused tokens has no worth until this is mended.`,
	];
	if (sent === 0 || accepted === 0) {
		advice.push(
			`See that the relying party can be reached (${result.target}), that it trusts the issuer ${result.issuer} and can fetch its discovery document and keys, and that it expects the audience ${result.audience}.`,
		);
	} else if (accepted < sent) {
		advice.push(
			"It answers the same token differently from one time to the next. See whether it limits how often it is asked, loses its connection to the issuer, or is several instances that are set up differently.",
		);
	}
	if (accepted < sent || sent === 0) {
		advice.push(
			"See that the profile's policy describes the tokens that the relying party lets in, send it one honest token by hand, and read what it logs.",
		);
	}
	return advice;
}

function sentenceOf(text: string): string {
	const [first = "", ...rest] = text;
	const ended = /[.!?…]$/.test(text) ? "" : ".";
	return first.toUpperCase() + rest.join("") + ended;
}
