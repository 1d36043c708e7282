// check: fires the catalogue and the probes at a relying party, and says what it wrongly accepts.
import type { Command } from "commander";
import type { Profile } from "../../check/profile.js";
import { MockError } from "../../errors.js";
import type { CheckResult } from "../../verdict/result.js";
import { VERSION } from "../../version.js";
import { checkAgain } from "../again.js";
import { controlToken } from "../control-token.js";
import { EXIT, type Io, painter } from "../io.js";
import { listenToStop } from "../stop-signal.js";
import { timeLimit } from "../time-limit.js";
import { initProfile } from "./check-init.js";
import {
	type CheckCommandOptions,
	commandWithOptions,
} from "./check-options.js";
import { presetProfile } from "./check-preset.js";

export function checkCommand(io: Io, exit: (code: number) => void): Command {
	return commandWithOptions().action(
		async (
			profile: string | undefined,
			options: CheckCommandOptions,
			{ parent }: Command,
		) =>
			exit(
				options.init === undefined
					? await check(profile, options, {
							io,
							again: checkAgain(parent?.args.slice(1) ?? []),
						})
					: await initProfile(options.init, io),
			),
	);
}

async function check(
	file: string | undefined,
	options: CheckCommandOptions,
	{ io, again }: { io: Io; again: (id: string) => string },
): Promise<number> {
	const [
		{ checkedReports, checkPlaces, writableProfile, writeReports },
		{ readProfile, checkedProfile },
		{ checkProfile },
		{ createProgress },
		{ tellComparison, updateKnown },
		{ readEarlier },
	] = await Promise.all([
		import("./check-report.js"), // reports bring zod with them, which no other command waits for
		import("../../check/profile.js"),
		import("../../harness/check-profile.js"),
		import("../../report/progress.js"),
		import("./check-after.js"),
		import("./check-compare.js"),
	]);
	const reports = checkedReports(options.report ?? []);
	await checkPlaces(reports, options.sarifFile);
	const { compare, updateKnown: updates } = options;
	const earlier =
		compare === undefined ? undefined : await readEarlier(compare);
	if (updates) await writableProfile(file);
	const read = file === undefined ? {} : await readProfile(file);
	const preset = await presetProfile(options, io.env);
	const profile = checkedProfile(
		merged(read, preset.profile, options),
		preset.expression,
	);
	const progress = createProgress(io.stderr, { env: io.env });
	const paint = painter(io.stderr, io.env);
	const warn = (line: string) => {
		progress.erase();
		io.stderr.write(`${paint("yellow", "warning:")} ${line}\n`);
	};
	const stop = listenToStop(io, (name) =>
		warn(`${name}: stopping and tidying up; once more to end at once`),
	);
	const limit = timeLimit(stop.signal, options.maxTime);
	try {
		const result = await checkProfile(profile, {
			...(await chosen(options)),
			notes: preset.notes,
			service: preset.service,
			again,
			onProgress: (state) => progress.show(state),
			warn,
			signal: limit.signal,
		});
		progress.erase();
		const unwritten = await writeReports(
			result,
			reports,
			{ ...options, profile: file },
			io,
		);
		if (unwritten.length > 0) {
			throw new MockError("file", unwritten.join("\n"));
		}
		if (earlier && compare !== undefined) {
			const output = reports.some(isToStdout) ? io.stderr : io.stdout;
			tellComparison(earlier, compare, result, { output, env: io.env });
		}
		const isKnown =
			updates && file !== undefined && (await updateKnown(file, result, io));
		return stop.code() ?? (isKnown ? EXIT.fine : CODES[result.conclusion]);
	} catch (error) {
		progress.erase();
		const code = stop.code();
		if (code === undefined || !(error instanceof MockError)) throw error;
		io.stderr.write(`${paint("red", "error:")} ${error.message}\n`);
		return code;
	} finally {
		limit.release();
		stop.release();
	}
}

const isToStdout = ({ file }: { file: string }) => file === "-";

/** What the options say of a run. */
const chosen = async (options: CheckCommandOptions) => ({
	version: VERSION,
	controlToken: await controlToken(options),
	scenarios: options.scenarios,
	selection: {
		only: options.only,
		skip: options.skip,
		level: options.level,
		quick: options.quick,
	},
	severity: { strict: options.strict, failOn: options.failOn },
	concurrency: options.concurrency ?? options.jobs,
	showTokens: options.showTokens,
});

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
			"name only one target: --http, --command, --lines or a preset such as --vault",
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
			target: withMethod(targets[0] ?? base.target, options.method),
			start: options.start,
			audience: options.audience,
			server: options.server,
		}),
		...(Object.keys(issuer).length > 0 && { issuer }),
		...(Object.keys(limits).length > 0 && { limits }),
	} as Profile;
}

/** The target, asked with another method. */
function withMethod(
	target: Profile["target"],
	method: string | undefined,
): Profile["target"] {
	if (method === undefined) return target;
	if (target === undefined || !("http" in target)) {
		throw new MockError(
			"invalid_option",
			"--method: only a request has one; give --http URL, or a profile with target.http",
		);
	}
	// What is none is told when the profile is checked.
	const asked = method.toUpperCase() as typeof target.http.method;
	return { http: { ...target.http, method: asked } };
}

/** Only the members that there are. */
const defined = <T extends object>(members: T): Partial<T> =>
	Object.fromEntries(
		Object.entries(members).filter(([, value]) => value !== undefined),
	) as Partial<T>;
