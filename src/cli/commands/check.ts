// check: fires the catalogue and the probes at a relying party, and says what it wrongly accepts.
import type { Command } from "commander";
import type { Profile } from "../../check/profile.js";
import { MockError } from "../../errors.js";
import type { CheckResult } from "../../verdict/result.js";
import { VERSION } from "../../version.js";
import { EXIT, type Io, painter } from "../io.js";
import { listenToStop } from "../stop-signal.js";
import { initProfile } from "./check-init.js";
import {
	type CheckCommandOptions,
	commandWithOptions,
} from "./check-options.js";
import { presetProfile } from "./check-preset.js";

export function checkCommand(io: Io, exit: (code: number) => void): Command {
	return commandWithOptions().action(
		async (profile: string | undefined, options: CheckCommandOptions) =>
			exit(await check(profile, options, io)),
	);
}

async function check(
	file: string | undefined,
	options: CheckCommandOptions,
	io: Io,
): Promise<number> {
	if (options.init !== undefined) return initProfile(options.init, io);
	const [
		{ checkedReports, checkPlaces, writeReports },
		{ readProfile, checkedProfile },
		{ checkProfile },
		{ createProgress },
	] = await Promise.all([
		import("./check-report.js"), // reports bring zod with them, which no other command waits for
		import("../../check/profile.js"),
		import("../../harness/check-profile.js"),
		import("../../report/progress.js"),
	]);
	const reports = checkedReports(options.report ?? []);
	await checkPlaces(reports);
	const read = file === undefined ? {} : await readProfile(file);
	const preset = await presetProfile(options, io.env);
	const profile = checkedProfile(
		merged(read, preset.profile, options),
		preset.expression,
	);
	const progress = createProgress(io.stderr);
	const paint = painter(io.stderr, io.env);
	const warn = (line: string) => {
		progress.erase();
		io.stderr.write(`${paint("yellow", "warning:")} ${line}\n`);
	};
	const stop = listenToStop(io, (name) =>
		warn(`${name}: stopping and tidying up; once more to end at once`),
	);
	try {
		const result = await checkProfile(profile, {
			version: VERSION,
			scenarios: options.scenarios,
			controlToken: options.controlToken,
			selection: {
				only: options.only,
				skip: options.skip,
				level: options.level,
				quick: options.quick,
			},
			severity: { strict: options.strict, failOn: options.failOn },
			concurrency: options.concurrency ?? options.jobs,
			showTokens: options.showTokens,
			notes: preset.notes,
			onProgress: (state) => progress.show(state),
			warn,
			signal: stop.signal,
		});
		progress.erase();
		const unwritten = await writeReports(
			result,
			reports,
			{
				details: options.details,
				...(file !== undefined && { profile: file }),
			},
			io,
		);
		if (unwritten.length > 0) {
			throw new MockError("file", unwritten.join("\n"));
		}
		return stop.code() ?? CODES[result.conclusion];
	} catch (error) {
		progress.erase();
		const code = stop.code();
		if (code === undefined || !(error instanceof MockError)) throw error;
		io.stderr.write(`${paint("red", "error:")} ${error.message}\n`);
		return code;
	} finally {
		stop.release();
	}
}

const CODES: Readonly<Record<CheckResult["conclusion"], number>> = {
	conforms: EXIT.fine,
	"no-findings": EXIT.fine,
	findings: EXIT.failed,
	"proves-nothing": EXIT.usage,
};

/** The profile with what the command line says in its place. */
function merged(
	read: Profile,
	preset: Profile,
	options: CheckCommandOptions,
): Profile {
	const targets = [
		options.http !== undefined && { http: { url: options.http } },
		options.command !== undefined && { command: options.command },
		options.lines !== undefined && { lines: options.lines },
		preset.target,
	].filter((target) => target !== false && target !== undefined);
	if (targets.length > 1) {
		throw new MockError(
			"invalid_option",
			"one target is enough: --http, --command, --lines or a preset such as --vault",
		);
	}
	const base = { ...read, ...defined(preset) };
	const issuer = {
		...base.issuer,
		...defined({
			port: options.issuerPort,
			host: options.issuerHost,
			url: options.issuer,
			tls: options.tls,
			gitlab_version: options.gitlabVersion,
		}),
	};
	const limits = { ...base.limits, ...defined({ timeout: options.timeout }) };
	return {
		...base,
		...defined({
			target: targets[0],
			start: options.start,
			audience: options.audience,
			server: options.server,
		}),
		...(Object.keys(issuer).length > 0 && { issuer }),
		...(Object.keys(limits).length > 0 && { limits }),
	} as Profile;
}

/** Only the members that there are. */
const defined = <T extends object>(members: T): Partial<T> =>
	Object.fromEntries(
		Object.entries(members).filter(([, value]) => value !== undefined),
	) as Partial<T>;
