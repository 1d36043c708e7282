// The reports of a check: one to the terminal, and those that were asked for to files.
import { access, constants, open } from "node:fs/promises";
import { dirname, isAbsolute, relative, resolve } from "node:path";
import { MockError, messageOf } from "../../errors.js";
import {
	FORMAT_NAMES,
	FORMATS,
	type FormatName,
} from "../../report/formats.js";
import type { CheckResult } from "../../verdict/result.js";
import { type Io, painter, widthOf } from "../io.js";

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

/** A path as reports name it: below the working folder, or whole. */
function shownPath(file: string): string {
	const path = relative(process.cwd(), resolve(file));
	return path === "" || path.startsWith("..") || isAbsolute(path)
		? resolve(file)
		: path;
}

/**
 * Sees to it that they can be written, and that there is what they name, before a run that may take long.
 * @throws MockError `file`, or `invalid_option`
 */
export async function checkPlaces(
	wanted: readonly WantedReport[],
	sarifFile?: string,
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
	if (sarifFile === undefined) return;
	if (!wanted.some(({ format }) => format === "sarif")) {
		throw new MockError(
			"invalid_option",
			"--sarif-file: there is no SARIF report; write --report sarif=FILE as well",
		);
	}
	await access(sarifFile).catch((error) => {
		throw new MockError("file", `--sarif-file: ${messageOf(error)}`, {
			cause: error,
		});
	});
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

/** What the reports are told beside the result. */
export interface ReportOptions {
	/** path of the profile */
	profile?: string | undefined;
	/** path of the file that SARIF shows causes at */
	sarifFile?: string | undefined;
	/** print each finding, too */
	details?: boolean | undefined;
	/** whole tokens are in them: nobody else may read the files */
	showTokens?: boolean | undefined;
}

/**
 * Writes them. Standard output has the text report, unless another one goes there.
 * @returns what could not be written, a line each; the others are
 */
export async function writeReports(
	result: CheckResult,
	wanted: readonly WantedReport[],
	{ profile, sarifFile, details = false, showTokens = false }: ReportOptions,
	io: Io,
): Promise<string[]> {
	const options = {
		...(profile !== undefined && { profile: shownPath(profile) }),
		...(sarifFile !== undefined && { sarifFile: shownPath(sarifFile) }),
	};
	const faults: string[] = [];
	for (const { format, file } of wanted) {
		const text = FORMATS[format].render(result, options);
		if (file === "-") {
			io.stdout.write(text);
			continue;
		}
		// What other steps of the job have written to its summary stays.
		const keeps = file === io.env.GITHUB_STEP_SUMMARY;
		await writeTo(file, text, { keeps, isPrivate: showTokens }).catch(
			(error) => {
				faults.push(
					`--report ${format}=${file}: cannot write it: ${messageOf(error)}`,
				);
			},
		);
	}
	if (!wanted.some(({ file }) => file === "-")) {
		const paint = painter(io.stdout, io.env);
		const { rows } = io.stdout;
		io.stdout.write(
			FORMATS.text.render(result, {
				...options,
				paint,
				width: widthOf(io.stdout),
				...(rows && { rows }),
				brief: !details,
			}),
		);
	}
	return faults;
}

/** The owner alone reads and writes it. */
const PRIVATE = 0o600;

async function writeTo(
	path: string,
	text: string,
	{ keeps, isPrivate }: { keeps: boolean; isPrivate: boolean },
): Promise<void> {
	const file = await open(
		path,
		keeps ? "a" : "w",
		isPrivate ? PRIVATE : undefined,
	);
	try {
		// One that was there already has the mode that it had; a device or a pipe keeps it.
		if (isPrivate && !keeps && (await file.stat()).isFile())
			await file.chmod(PRIVATE);
		await file.writeFile(text);
	} finally {
		await file.close();
	}
}
