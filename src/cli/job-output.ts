// What `jobs` prints: a table of jobs, or a job's tokens for a shell, a dotenv file or another tool.

import { printable } from "../safe-text.js";
import type { IssuedJobs } from "../server/pipeline/issue.js";
import type { JobText } from "../server/pipeline/job-text.js";
import { shellWord } from "../shell-word.js";
import { type Io, painter, writeJson } from "./io.js";
import { tokenText } from "./token-text.js";

export const FORMATS = ["shell", "dotenv", "json", "gitlab-ci-local"] as const;
export type Format = (typeof FORMATS)[number];

/** Writes the tokens of a job. */
export function writeTokens(io: Io, issued: IssuedJobs, format: Format): void {
	if (format === "json") {
		const { jobs, tokens, hidden_tokens, warnings } = issued;
		writeJson(io.stdout, { job: jobs[0], tokens, hidden_tokens, warnings });
		return;
	}
	for (const [name, { token }] of Object.entries(issued.tokens)) {
		const value = tokenText(token, io.stdout);
		if (NAME.test(name)) io.stdout.write(`${LINES[format](name, value)}\n`);
		else
			io.stderr.write(
				`left out, as no shell has a variable of such a name: ${oneLine(name).slice(0, 80)}\n`,
			);
	}
	for (const { what } of issued.jobs[0]?.hidden_tokens ?? []) {
		io.stderr.write(
			`GitLab makes a token of its own for ${oneLine(what)}: --format json has it\n`,
		);
	}
}

/** The names come from a file, or from a server, and GitLab takes any: `eval` must not run them. */
const NAME = /^[A-Za-z_]\w*$/;

const LINES: Record<
	Exclude<Format, "json">,
	(name: string, value: string) => string
> = {
	shell: (name, value) => `export ${name}=${shellWord(value)}`,
	dotenv: (name, value) => `${name}=${dotenvQuoted(value)}`,
	// YAML, of which JSON's strings are a part: its file of variables.
	"gitlab-ci-local": (name, value) => `${name}: ${JSON.stringify(value)}`,
};

const PLAIN = /^[\w.:/-]+$/;

/** Without quotes where it can be: some readers of such files keep them. */
export const dotenvQuoted = (value: string): string =>
	PLAIN.test(value)
		? value
		: `"${value
				.replace(/[\\"$`]/g, "\\$&")
				.replaceAll("\n", "\\n")
				.replaceAll("\r", "\\r")}"`;

const oneLine = (text: unknown) =>
	printable(String(text)).replaceAll("\n", "\ufffd");

/** Writes which jobs have which ID tokens, and which jobs the situation has not. */
export function writeJobs(io: Io, issued: IssuedJobs): void {
	const { jobs } = issued;
	const rows = jobs.flatMap(rowsOf);
	const paint = painter(io.stdout, io.env);
	const widths = [0, 1, 2].map((column) =>
		Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)),
	);
	for (const row of rows) {
		const [job = "", variable = "", aud = "", environment = ""] = row.map(
			(cell, column) => cell.padEnd(widths[column] ?? 0),
		);
		const line = [paint("bold", job), variable, aud, paint("dim", environment)];
		io.stdout.write(`${line.join("  ").trimEnd()}\n`);
	}
	const without = jobs.length - new Set(rows.map(([job]) => job)).size;
	if (rows.length === 0 && issued.no_pipeline === null)
		io.stderr.write("no job has id_tokens\n");
	else if (without > 0)
		io.stderr.write(
			`${without} more ${without === 1 ? "job has" : "jobs have"} no id_tokens\n`,
		);
	writeLeftOut(io, issued);
}

const MOST_NAMES = 8; // that a line lists

function writeLeftOut(
	io: Io,
	{ situation, left_out, no_pipeline }: IssuedJobs,
): void {
	const others =
		"--ref, --tag, --merge-request and --schedule name other situations, --all lists every job";
	if (no_pipeline !== null) {
		io.stderr.write(
			`no pipeline is created for ${oneLine(situation)}: ${oneLine(no_pipeline)}; ${others}\n`,
		);
		return;
	}
	if (left_out.length === 0) return;
	const names = left_out.slice(0, MOST_NAMES).map(({ name }) => oneLine(name));
	const more = left_out.length - names.length;
	io.stderr.write(
		`not part of ${oneLine(situation)}: ${names.join(", ")}${more > 0 ? ` and ${more} more` : ""}; ${others}\n`,
	);
}

/** A row for each token: job, variable, audience, and where it deploys to. */
const rowsOf = ({
	name,
	id_tokens,
	hidden_tokens = [],
	environment,
}: JobText): string[][] =>
	[
		...Object.entries(id_tokens).map(
			([variable, { aud }]) => [variable, aud] as const,
		),
		...hidden_tokens.map(
			({ what, aud }) => [`(hidden, ${what})`, aud ?? "?"] as const,
		),
	].map(([variable, aud]) => [
		oneLine(name),
		oneLine(variable),
		oneLine(typeof aud === "string" ? aud : JSON.stringify(aud)),
		environment
			? oneLine(
					environment.action === "start"
						? environment.name
						: `${environment.name} (${environment.action})`,
				)
			: "",
	]);
