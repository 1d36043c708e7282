// The top of the HTML report: the verdict in a sentence, and the causes; then what was asked, in figures.
import type { CheckResult } from "../verdict/result.js";
import { causesSection } from "./html-causes.js";
import { type Markup, markup } from "./markup.js";
import { tallyOf } from "./tally.js";
import { verdictOf } from "./verdict.js";
import { controlWords, spanWords } from "./words.js";

/** The page's header. */
export function summarySection(result: CheckResult): Markup {
	const { tool, target } = result;
	const { tone, word, sentence, advice } = verdictOf(result);
	return markup`<header>
<p class="over">${tool.name} · which GitLab ID tokens a service lets in</p>
<h1>Check of ${target}</h1>
<section class="verdict ${tone}" aria-label="Verdict">
<p><strong>${word}</strong> ${sentence}</p>
${advice.length > 0 && markup`<ul>${advice.map((line) => markup`<li>${line}</li>`)}</ul>`}
</section>
${causesSection(result)}
</header>`;
}

/** What was asked, and what the reader has to know of it. */
export function aboutSection(result: CheckResult): Markup {
	const { target, issuer, audience, started, duration, notes } = result;
	return markup`<section aria-labelledby="about">
<h2 id="about">What was asked</h2>
${figures(result)}
<dl class="card">
<dt>Relying party</dt><dd>${target}</dd>
<dt>Issuer</dt><dd><code>${issuer}</code></dd>
<dt>Audience</dt><dd><code>${audience}</code></dd>
<dt>Started</dt><dd>${started}, took ${spanWords(duration)}</dd>
<dt>Control</dt><dd>${controlWords(result)}</dd>
${notes.length > 0 && markup`<dt>To know</dt><dd>${notes.map((note) => markup`<p>${note}</p>`)}</dd>`}
</dl>
<p class="soft">A relying party is a service that lets CI/CD jobs in on the ID tokens of GitLab. It was sent genuine tokens, which it should accept, and wrong ones, which it has to refuse.</p>
</section>`;
}

function figures(result: CheckResult): Markup {
	const tally = tallyOf(result);
	// Green would be a promise that a run that proves nothing cannot keep.
	const good = result.conclusion === "proves-nothing" ? "" : "right";
	const figure = (value: number, label: string, style: string) =>
		markup`<li><b${value > 0 && style ? markup` class="${style}"` : null}>${value}</b><span>${label}</span></li>
`;
	return markup`<ul class="counts" aria-label="Figures">
${figure(tally.causes, "causes to fix", "dangerous")}${figure(tally.failing, "findings that fail", "dangerous")}${figure(tally.mild, "findings that do not", "")}${figure(tally.right, "checks as expected", good)}${figure(tally.checked, "checks made", "")}${figure(tally.unasked, "not asked", "")}</ul>`;
}
