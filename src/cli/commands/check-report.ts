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
	return wanted.map((text) => {
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
		await access(dirname(resolve(file)), constants.W_OK).catch((error) => {
			throw new MockError(
				"file",
				`--report ${format}=${file}: cannot write there: ${messageOf(error)}`,
				{ cause: error },
			);
		});
	}
}

/** Writes them. Standard output has the text report, unless another one goes there. */
export async function writeReports(
	result: CheckResult,
	wanted: readonly WantedReport[],
	profile: string | undefined,
	io: Io,
): Promise<void> {
	const options = profile === undefined ? {} : { profile };
	for (const { format, file } of wanted) {
		const text = FORMATS[format].render(result, options);
		if (file === "-") {
			io.stdout.write(text);
			continue;
		}
		await writeFile(file, text).catch((error) => {
			throw new MockError("file", `cannot write ${file}: ${messageOf(error)}`, {
				cause: error,
			});
		});
	}
	if (wanted.some(({ file }) => file === "-")) return;
	const paint = painter(io.stdout, io.env);
	io.stdout.write(FORMATS.text.render(result, { ...options, paint }));
}
