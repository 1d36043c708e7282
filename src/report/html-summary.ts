// The top of the HTML report: the verdict in a sentence, counts, and the worst in plain words.
import { KINDS } from "../verdict/kinds.js";
import type { CheckResult } from "../verdict/result.js";
import { type Markup, markup } from "./markup.js";
import { countAll, countFamilies, sortFindings } from "./summary.js";
import { verdictOf } from "./verdict.js";
import { controlWords, KIND_WORDS, spanWords } from "./words.js";

const WORST = 5;

/** The page's header. */
export function summarySection(result: CheckResult): Markup {
	const { tool, target, issuer, audience, started, duration, notes } = result;
	const { tone, word, sentence, advice } = verdictOf(result);
	return markup`<header>
<p class="over">${tool.name} · which GitLab ID tokens a service lets in</p>
<h1>Check of ${target}</h1>
<section class="verdict ${tone}" aria-label="Verdict">
<p><strong>${word}</strong> ${sentence}</p>
${advice.length > 0 && markup`<ul>${advice.map((line) => markup`<li>${line}</li>`)}</ul>`}
</section>
${counts(result)}
${worst(result)}
${
	notes.length > 0 &&
	markup`<h2>To know</h2>
<ul>${notes.map((note) => markup`<li>${note}</li>`)}</ul>`
}
<h2>What was asked</h2>
<dl class="card">
<dt>Relying party</dt><dd>${target}</dd>
<dt>Issuer</dt><dd><code>${issuer}</code></dd>
<dt>Audience</dt><dd><code>${audience}</code></dd>
<dt>Started</dt><dd>${started}, took ${spanWords(duration)}</dd>
<dt>Control</dt><dd>${controlWords(result)}</dd>
</dl>
<p class="soft">A relying party is a service that lets CI/CD jobs in on the ID tokens of GitLab. It was sent genuine tokens, which it should accept, and wrong ones, which it has to refuse.</p>
</header>`;
}

function counts(result: CheckResult): Markup {
	const all = countAll(countFamilies(result));
	// Green would be a promise that a run that proves nothing cannot keep.
	const good = result.conclusion === "proves-nothing" ? "" : "right";
	const number = (value: number, label: string, style: string) =>
		markup`<li><b${value > 0 && style ? markup` class="${style}"` : null}>${value}</b><span>${label}</span></li>
`;
	const kinds = KINDS.map((kind) => {
		const found = result.findings.filter((finding) => finding.kind === kind);
		return (
			((kind !== "stale" && kind !== "note") || found.length > 0) &&
			number(found.length, KIND_WORDS[kind].label.toLowerCase(), kind)
		);
	});
	return markup`<ul class="counts" aria-label="Counts">
${kinds}${number(all.right, "as expected", good)}${number(all.made, "checks made", "")}${number(all.unasked, "not asked", "")}</ul>`;
}

/** What was let in, without the tool's words: for a reader who decides, and does not mend. */
function worst({ findings }: CheckResult): Markup | null {
	const dangerous = sortFindings(findings).filter(
		({ kind }) => kind === "dangerous",
	);
	if (dangerous.length === 0) return null;
	const rest = dangerous.length - WORST;
	return markup`<h2>The most dangerous</h2>
<ol class="worst">
${dangerous.slice(0, WORST).map(
	({ title, actual, gain }) =>
		markup`<li><strong>${title}</strong><br>${gain} <span class="soft">(What the relying party did: ${actual})</span></li>
`,
)}</ol>
${rest > 0 && markup`<p class="soft">And ${rest} more, below.</p>`}`;
}
