// The reports of a check: one to the terminal, and those that were asked for to files.
import { access, constants, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { MockError, messageOf } from "../../errors.js";
import {
	FORMAT_NAMES,
	FORMATS,
	type FormatName,
} from "../../report/formats.js";
import type { CheckResult } from "../../verdict/result.js";
import { type Io, painter } from "../io.js";

/** A report that was asked for. */
export interface WantedReport {
	format: FormatName;
	/** `-`: standard output */
	file: string;
}

/**
 * Reads `FORMAT=FILE`.
 * @throws MockError `invalid_option`
 */
export function checkedReports(wanted: readonly string[]): WantedReport[] {
	const reports = wanted.map((text) => {
		const cut = text.indexOf("=");
		const [format, file] =
			cut < 0 ? [text, "-"] : [text.slice(0, cut), text.slice(cut + 1)];
		if (!(FORMAT_NAMES as string[]).includes(format) || file === "") {
			throw new MockError(
				"invalid_option",
				`--report: expected FORMAT=FILE with ${FORMAT_NAMES.join(", ")}, such as junit=report.xml, not "${text.slice(0, 80)}"`,
			);
		}
		return { format: format as FormatName, file };
	});
	const here = reports.filter(({ file }) => file === "-");
	if (here.length > 1) {
		throw new MockError(
			"invalid_option",
			`--report: only one report can go to standard output, and not ${here.map(({ format }) => format).join(" and ")}; write ${here[1]?.format}=FILE`,
		);
	}
	return reports;
}

/**
 * Sees to it that they can be written, before a run that may take long.
 * @throws MockError `file`
 */
export async function checkPlaces(
	wanted: readonly WantedReport[],
): Promise<void> {
	for (const { format, file } of wanted) {
		if (file === "-") continue;
		await writable(resolve(file)).catch((error) => {
			throw new MockError(
				"file",
				`--report ${format}=${file}: cannot write there: ${messageOf(error)}`,
				{ cause: error },
			);
		});
	}
}

/**
 * Sees to it that the profile can be written, where that is asked for.
 * @throws MockError `file`; `invalid_option` where there is none
 */
export async function writableProfile(file: string | undefined): Promise<void> {
	if (file === undefined) {
		throw new MockError(
			"invalid_option",
			"--update-known writes into a profile: name one, such as check rp.yaml --update-known; check --init makes it",
		);
	}
	await access(file, constants.W_OK).catch((error) => {
		throw new MockError(
			"file",
			`--update-known: cannot write ${file}: ${messageOf(error)}`,
			{ cause: error },
		);
	});
}

/** What is there already may be a device or a pipe, in a folder that is not ours to write to. */
const writable = async (path: string): Promise<void> =>
	access(path, constants.W_OK).catch((error: NodeJS.ErrnoException) => {
		if (error.code !== "ENOENT") throw error;
		return access(dirname(path), constants.W_OK);
	});

const WIDTH = 80; // columns, where there is no terminal to ask

/**
 * Writes them. Standard output has the text report, unless another one goes there.
 * @returns what could not be written, a line each; the others are
 */
export async function writeReports(
	result: CheckResult,
	wanted: readonly WantedReport[],
	{
		profile,
		details = false,
	}: { profile?: string | undefined; details?: boolean | undefined },
	io: Io,
): Promise<string[]> {
	const options = profile === undefined ? {} : { profile };
	const faults: string[] = [];
	for (const { format, file } of wanted) {
		const text = FORMATS[format].render(result, options);
		if (file === "-") {
			io.stdout.write(text);
			continue;
		}
		// What other steps of the job have written to its summary stays.
		const flag = file === io.env.GITHUB_STEP_SUMMARY ? "a" : "w";
		await writeFile(file, text, { flag }).catch((error) => {
			faults.push(
				`--report ${format}=${file}: cannot write it: ${messageOf(error)}`,
			);
		});
	}
	if (!wanted.some(({ file }) => file === "-")) {
		const paint = painter(io.stdout, io.env);
		const width = io.stdout.columns ?? WIDTH;
		io.stdout.write(
			FORMATS.text.render(result, {
				...options,
				paint,
				width,
				brief: !details,
			}),
		);
	}
	return faults;
}
