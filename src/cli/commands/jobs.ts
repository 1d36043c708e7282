// jobs: which ID tokens the jobs of a pipeline file have, and those of one job, issued.
import { Command, InvalidArgumentError, Option } from "commander";
import { MockError } from "../../errors.js";
import { safeText } from "../../safe-text.js";
import { EXIT, type Io, painter, writeJson } from "../io.js";
import { FORMATS, type Format, writeJobs, writeTokens } from "../job-output.js";
import { type JobsHost, jobsFromServer, jobsOffline } from "../job-source.js";
import {
	collect,
	issuerOption,
	keysBeforeServer,
	keysOption,
	scenariosOption,
	serverOption,
} from "../options.js";
import { withReadingOptions } from "../reading-options.js";

interface JobsCommandOptions extends JobsHost {
	format?: Format;
	scenario?: string;
	ref?: string;
	tag?: string;
	mergeRequest?: boolean;
	target?: string;
	schedule?: boolean;
	changed?: string[];
	all?: boolean;
	set?: string[];
	var?: Record<string, string>;
	include?: Record<string, string>;
	input?: Record<string, string>;
	secretsManager?: string;
}

export function jobsCommand(io: Io, exit: (code: number) => void): Command {
	const command = keysBeforeServer(new Command("jobs"))
		.description(
			"list the ID tokens of the jobs in a .gitlab-ci.yml, or print the tokens of one job",
		)
		.argument("<file>", "the pipeline file")
		.argument("[job]", "the job whose tokens are printed")
		.addOption(
			new Option(
				"--format <format>",
				'how tokens are printed; shell is for eval "$(…)"',
			).choices(FORMATS),
		)
		.option(
			"--scenario <id>",
			"the scenario in which the pipeline runs, such as ref/protected-tag",
		)
		.option("--ref <branch>", "the branch (default: of the git checkout)")
		.option("--tag <tag>", "the tag")
		.option("--merge-request", "a merge request pipeline of the branch")
		.option(
			"--target <branch>",
			"the merge request's target (default: the default branch)",
		)
		.option("--schedule", "a scheduled pipeline")
		.option(
			"--changed <path>",
			"a changed file, for rules:changes; repeatable",
			collect,
		)
		.option("--all", "all jobs, whatever their rules say")
		.option(
			"--set <key=value>",
			"change the job, such as environment.protected=true; repeatable",
			collect,
		)
		.option(
			"--var <name=value>",
			"set a CI/CD variable; repeatable",
			collectVariable,
		)
		.addOption(serverOption())
		.addOption(keysOption())
		.addOption(issuerOption())
		.addOption(
			new Option(
				"--gitlab-version <version>",
				"without a server: the GitLab to emulate",
			),
		)
		.addOption(scenariosOption())
		.action(
			async (
				file: string,
				job: string | undefined,
				options: JobsCommandOptions,
			) => exit(await jobs(file, job, options, io)),
		);
	return withReadingOptions(command);
}

function collectVariable(
	text: string,
	previous: Record<string, string> = {},
): Record<string, string> {
	const [, name, value] = /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(text) ?? [];
	if (name === undefined || value === undefined)
		throw new InvalidArgumentError("Expected NAME=VALUE.");
	return Object.fromEntries([...Object.entries(previous), [name, value]]);
}

async function jobs(
	file: string,
	job: string | undefined,
	options: JobsCommandOptions,
	io: Io,
): Promise<number> {
	checkOptions(options, job);
	const { openPipeline } = await import("../../server/pipeline/disk.js");
	const { openCopies } = await import(
		"../../server/pipeline/copies-on-disk.js"
	);
	const { source: opened, checkout } = await openPipeline(file);
	const source = { ...opened, copies: await openCopies(options.include ?? {}) };
	const { scenario, ref, tag, set, var: variables, input: inputs } = options;
	const { target, schedule, changed, all } = options;
	const situation = {
		scenario,
		ref,
		tag,
		merge_request: options.mergeRequest,
		target,
		schedule,
		changed,
		all,
		set,
		variables,
		inputs,
		secrets_manager: options.secretsManager,
		checkout,
	};
	const asksServer =
		options.keys === undefined &&
		(job !== undefined || options.server !== undefined);
	const issued = await (asksServer ? jobsFromServer : jobsOffline)(
		source,
		job,
		situation,
		options,
	);
	const paint = painter(io.stderr, io.env);
	for (const line of issued.warnings) {
		io.stderr.write(`${paint("yellow", "warning:")} ${safeText(line, 1000)}\n`);
	}
	if (job !== undefined) {
		writeTokens(io, issued, options.format ?? "shell");
		if (Object.keys(issued.tokens).length === 0)
			io.stderr.write("the job has no id_tokens\n");
	} else if (options.format === "json") {
		const { tokens, ...told } = issued;
		writeJson(io.stdout, told);
	} else {
		writeJobs(io, issued);
	}
	return EXIT.fine;
}

function checkOptions(
	{ server, keys, issuer, format }: JobsCommandOptions,
	job: string | undefined,
): void {
	const fail = (message: string) => new MockError("invalid_option", message);
	if (keys !== undefined && server !== undefined)
		throw fail("--keys works without a server: leave --server out, or --keys");
	if (keys !== undefined && job !== undefined && issuer === undefined)
		throw fail("--keys needs --issuer URL too: no server says who issues");
	if (job === undefined && format !== undefined && format !== "json")
		throw fail(`--format ${format} is for the tokens of a job: name one`);
}
