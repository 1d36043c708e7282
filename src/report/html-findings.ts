// The findings of the HTML report, worst first, each with what is needed to see it again.
import { KINDS } from "../verdict/kinds.js";
import type { CheckFinding, CheckResult } from "../verdict/result.js";
import { type Markup, markup } from "./markup.js";
import { sortFindings } from "./summary.js";
import { unexplained } from "./tally.js";
import {
	impactWords,
	KIND_WORDS,
	kindLabel,
	levelWords,
	ruleWords,
	webAddress,
} from "./words.js";

/** All findings by kind, those that nobody has to mend folded; or that there is none. */
export function findingsSection(result: CheckResult): Markup {
	const sorted = sortFindings(result.findings);
	const harmless = new Set(unexplained(result));
	const none =
		result.conclusion === "proves-nothing"
			? "None, but this run would not have shown them."
			: "None.";
	const groups = KINDS.flatMap((kind) => {
		const those = sorted.filter((finding) => finding.kind === kind);
		if (those.length === 0) return [];
		const { meaning } = KIND_WORDS[kind];
		const label = kindLabel(kind, result);
		const cards = those.map(card);
		return those.every((finding) => harmless.has(finding))
			? markup`<details class="${kind}">
<summary><b>${label}</b> <span class="soft">${those.length}: ${meaning}</span></summary>
<div class="inside">${cards}</div>
</details>
`
			: markup`<h3><span class="${kind}">${label}</span> (${those.length}): ${meaning}</h3>
${cards}`;
	});
	return markup`<section aria-labelledby="findings">
<h2 id="findings">Every finding</h2>
${groups.length > 0 ? groups : markup`<p>${none}</p>`}
</section>`;
}

function card(finding: CheckFinding): Markup {
	const { id, kind, title, level, fails, rule, reproduce, token } = finding;
	const row = (label: string, value: Markup | string | null) =>
		value !== null &&
		value !== "" &&
		markup`<dt>${label}</dt><dd>${value}</dd>
`;
	return markup`<details class="${kind}">
<summary><b>${title || id}</b> <span class="tag ${kind}">${level}</span>${!fails && markup` <span class="tag soft">does not fail the run</span>`}<br><span class="soft">${id}</span></summary>
<div class="inside"><dl>
${row("Expected", finding.expected)}${row("Actual", finding.actual)}${row("It means", finding.gain)}${row("Why", finding.why)}${row("What to do", finding.remedy)}${row("Rule", rule && ruleWords(rule))}${row("Level", levelWords(finding))}${row("Impact", impactWords(finding))}${row("Written in", finding.spec.join(", "))}${row("Seen in", finding.seen.join(", "))}${row("Make it again", reproduce && markup`<pre>${reproduce}</pre>`)}${row("Token", token && markup`<pre>${token}</pre>`)}${row("To read", link(finding.link))}</dl></div>
</details>
`;
}

function link(text: string): Markup | string {
	const address = webAddress(text);
	if (!address) return text;
	return markup`<a href="${address}" rel="noopener noreferrer">${text}</a>`;
}
