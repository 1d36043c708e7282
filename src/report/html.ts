// The report as one HTML page: it asks for nothing, runs nothing, and reads well on paper.
import { createHash } from "node:crypto";
import type { CheckResult } from "../verdict/result.js";
import { cleanResult } from "./clean.js";
import { findingsSection } from "./html-findings.js";
import {
	familiesSection,
	probesSection,
	unaskedSection,
} from "./html-sections.js";
import { STYLE } from "./html-style.js";
import { aboutSection, summarySection } from "./html-summary.js";
import { markup } from "./markup.js";

// The style is the only thing that the page may use, and it is named by its hash.
const HASH = createHash("sha256").update(STYLE).digest("base64");
const POLICY = `default-src 'none'; style-src 'sha256-${HASH}'; base-uri 'none'; form-action 'none'`;

/** One self-contained HTML page. */
export function renderHtml(result: CheckResult): string {
	const clean = cleanResult(result);
	const { tool, target, started } = clean;
	return markup`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>${tool.name}: ${target}</title>
<style>${{ markup: STYLE }}</style>
</head>
<body>
${summarySection(clean)}
<main>
${aboutSection(clean)}
${findingsSection(clean)}
${familiesSection(clean)}
${probesSection(clean)}
${unaskedSection(clean)}
</main>
<footer>
<p>Made by ${tool.name} ${tool.version} from a check that began at ${started}. All tokens of the check are for tests: no GitLab instance issued them.</p>
</footer>
</body>
</html>
`.markup;
}
