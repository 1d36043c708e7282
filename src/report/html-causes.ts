// The causes of the HTML report: what is wrong, what an attacker does with it, what to change.
import type { Cause, CheckResult } from "../verdict/result.js";
import { causesTitle, causeWords } from "./cause-words.js";
import { type Markup, markup } from "./markup.js";
import { failingOf } from "./tally.js";

/** What fails the run, open; what does not, folded. */
export function causesSection(result: CheckResult): Markup | null {
	const failing = failingOf(result.causes);
	const mild = result.causes.filter(({ fails }) => !fails);
	if (result.causes.length === 0) return null;
	return markup`<section aria-labelledby="causes">
<h2 id="causes">${causesTitle(result)}</h2>
${
	failing.length > 0 &&
	markup`<ol class="causes">
${failing.map((cause) => causeItem(cause, result))}</ol>`
}
${
	mild.length > 0 &&
	markup`<details>
<summary><b>Does not fail this run</b> <span class="soft">${mild.length}</span></summary>
<div class="inside"><ol class="causes">
${mild.map((cause) => causeItem(cause, result))}</ol></div>
</details>`
}
</section>`;
}

function causeItem(cause: Cause, result: CheckResult): Markup {
	const { kind, sentence, findings } = cause;
	const { severity, often, parts } = causeWords(cause, result);
	return markup`<li class="card ${kind}"><h3>${sentence}</h3>
<details><summary><span class="tag ${kind}">${severity}</span> ${often}</summary><ul class="ids">${findings.map((id) => markup`<li><code>${id}</code></li>`)}</ul></details>
<dl>${parts.map(([label, text]) => markup`<dt>${label}</dt><dd>${text}</dd>`)}</dl>
</li>
`;
}
