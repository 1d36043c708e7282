// The rest of the HTML report: coverage by family, what was measured over time, what was not asked.
import type { CheckResult } from "../verdict/result.js";
import { type Markup, markup } from "./markup.js";
import {
	countAll,
	countFamilies,
	type FamilyCount,
	familyOf,
	groupUnasked,
	standingOf,
} from "./summary.js";
import { count, measures, OUTCOME_WORDS, spanWords } from "./words.js";

type Scenario = CheckResult["scenarios"][number];
type Probe = CheckResult["probes"][number];

/** A row a family with counts and a bar, and every scenario below. */
export function familiesSection(result: CheckResult): Markup {
	const rows = countFamilies(result);
	const cells = (row: FamilyCount) =>
		markup`<td class="drawn">${bar(row)}</td><td class="number">${row.made}</td><td class="number">${row.right}</td><td class="number"><span${row.wrong > 0 && markup` class="wrong"`}>${row.wrong}</span></td><td class="number">${row.known}</td><td class="number">${row.unasked}</td>`;
	return markup`<section aria-labelledby="families">
<h2 id="families">What was looked at</h2>
<div class="scroll" role="region" tabindex="0" aria-label="Counts by family"><table>
<thead><tr><th scope="col">Family</th><th scope="col" class="drawn">Share</th><th scope="col" class="number">Checked</th><th scope="col" class="number">Right</th><th scope="col" class="number">Wrong</th><th scope="col" class="number">Known</th><th scope="col" class="number">Not asked</th></tr></thead>
<tbody>
${rows.map(
	(row) => markup`<tr><th scope="row">${row.family}</th>${cells(row)}</tr>
`,
)}</tbody>
<tfoot><tr><th scope="row">All</th>${cells(countAll(rows))}</tr></tfoot>
</table></div>
<h3>Every scenario</h3>
${rows.map(({ family }) => {
	const own = result.scenarios.filter(({ id }) => familyOf(id) === family);
	return own.length > 0 && scenarioTable(family, own);
})}
</section>`;
}

/** Drawn with attributes: the page's policy allows no style on an element. */
function bar({ right, wrong, known, unasked }: FamilyCount): Markup {
	const all = right + wrong + known + unasked || 1;
	let at = 0;
	const part = (value: number, style: string) => {
		const x = (at / all) * 100;
		at += value;
		return (
			value > 0 &&
			markup`<rect class="${style}" x="${x.toFixed(2)}" y="0" width="${((value / all) * 100).toFixed(2)}" height="10"/>`
		);
	};
	return markup`<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">${part(right, "right")}${part(wrong, "wrong")}${part(known, "known")}${part(unasked, "rest")}</svg>`;
}

function scenarioTable(family: string, scenarios: readonly Scenario[]): Markup {
	return markup`<details>
<summary><b>${family}</b> <span class="soft">${count(scenarios.length, "scenario")}</span></summary>
<div class="inside"><div class="scroll" role="region" tabindex="0" aria-label="Scenarios of ${family}"><table>
<thead><tr><th scope="col">Token</th><th scope="col">Expected</th><th scope="col">Outcome</th><th scope="col">Answer</th></tr></thead>
<tbody>
${scenarios.map(
	(
		scenario,
	) => markup`<tr><th scope="row">${scenario.title}<br><span class="soft">${scenario.id}</span></th><td>${expected(scenario)}</td><td>${outcome(scenario)}</td><td>${scenario.detail}</td></tr>
`,
)}</tbody></table></div></div>
</details>
`;
}

const expected = ({ expected }: Scenario) =>
	expected === null
		? ""
		: expected === "either"
			? "either"
			: OUTCOME_WORDS[expected];

function outcome(entry: Scenario | Probe): Markup {
	const standing = standingOf(entry);
	const style =
		standing === "right" || standing === "wrong" ? standing : "soft";
	return markup`<span class="${style}">${OUTCOME_WORDS[entry.outcome]}${standing === "known" && " (known failure)"}${standing === "wrong" && " ✗"}</span>`;
}

/** The probes with what they measured, and the requests that show it. */
export function probesSection({ probes }: CheckResult): Markup | null {
	const made = probes.filter((probe) => standingOf(probe) !== "unasked");
	if (made.length === 0) return null;
	return markup`<section aria-labelledby="probes">
<h2 id="probes">Over time</h2>
<p class="soft">How the relying party deals with the issuer: whether it keeps keys, notices new ones, and bears an outage.</p>
${made.map(probeCard)}
</section>`;
}

function probeCard(probe: Probe): Markup {
	const { id, title, level, detail, evidence, duration } = probe;
	const measured = measures(probe);
	return markup`<article class="card">
<h3>${title}</h3>
<p class="over">${outcome(probe)} · ${id} · ${level} · took ${spanWords(duration)}</p>
<p>${detail}</p>
${measured.length > 0 && markup`<dl>${measured.map(([name, value]) => markup`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`}
${evidence.length > 0 && markup`<details><summary>${count(evidence.length, "request")} that the issuer got</summary><div class="inside"><pre>${evidence.join("\n")}</pre></div></details>`}
</article>
`;
}

/** What was not asked, by reason. */
export function unaskedSection(result: CheckResult): Markup | null {
	const groups = groupUnasked(result);
	if (groups.length === 0) return null;
	return markup`<section aria-labelledby="unasked">
<h2 id="unasked">Not asked</h2>
${groups.map(
	({ outcome, reason, ids }) => markup`<details>
<summary><b>${reason}</b> <span class="soft">${OUTCOME_WORDS[outcome]} · ${count(ids.length, "check")}</span></summary>
<div class="inside"><ul class="ids">${ids.map((id) => markup`<li><code>${id}</code></li>`)}</ul></div>
</details>
`,
)}
</section>`;
}
