// The formats that a result can be written in, by the name that `--report` takes.
import type { CheckResult } from "../verdict/result.js";
import { renderCodeQuality } from "./code-quality.js";
import { renderHtml } from "./html.js";
import { renderJson } from "./json.js";
import { renderJunit } from "./junit.js";
import { renderMarkdown } from "./markdown.js";
import type { RenderOptions } from "./options.js";
import { renderSarif } from "./sarif.js";
import { renderTerminal } from "./terminal.js";

/** A way to write a result. */
export interface ReportFormat {
	/** what it is for, in a few words */
	description: string;
	/** of a file, with the dot */
	extension: string;
	mediaType: string;
	render(result: CheckResult, options?: RenderOptions): string;
}

export const FORMATS = {
	text: {
		description: "plain text, as on a terminal",
		extension: ".txt",
		mediaType: "text/plain; charset=utf-8",
		render: renderTerminal,
	},
	json: {
		description: "the result as data, see schemas/result.json",
		extension: ".json",
		mediaType: "application/json",
		render: renderJson,
	},
	junit: {
		description: "JUnit XML, for the test reports of GitLab, GitHub and others",
		extension: ".xml",
		mediaType: "application/xml",
		render: renderJunit,
	},
	sarif: {
		description: "SARIF 2.1.0, for code scanning",
		extension: ".sarif",
		mediaType: "application/sarif+json",
		render: renderSarif,
	},
	html: {
		description: "one page to read, print and send",
		extension: ".html",
		mediaType: "text/html; charset=utf-8",
		render: renderHtml,
	},
	codequality: {
		description: "GitLab's Code Quality report, an issue a cause",
		extension: ".json",
		mediaType: "application/json",
		render: renderCodeQuality,
	},
	markdown: {
		description: "Markdown, for the summary of a job",
		extension: ".md",
		mediaType: "text/markdown; charset=utf-8",
		render: renderMarkdown,
	},
} as const satisfies Record<string, ReportFormat>;

/** The name of a format. */
export type FormatName = keyof typeof FORMATS;

/** Every format's name. */
export const FORMAT_NAMES = Object.keys(FORMATS) as [
	FormatName,
	...FormatName[],
];
