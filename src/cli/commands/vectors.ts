// vectors: every scenario's token at a fixed time, as one document, for suites in any language.
import { writeFile } from "node:fs/promises";
import { Command } from "commander";
import { MockError, messageOf } from "../../errors.js";
import { jsonText } from "../../safe-text.js";
import type { Level } from "../../scenario/severity.js";
import { EXIT, type Io } from "../io.js";
import { collect, jsonOption, scenariosOption } from "../options.js";
import { selectionOptions } from "../selection-options.js";

interface VectorsCommandOptions {
	now?: string;
	keys?: string;
	issuer?: string;
	gitlabUrl?: string;
	aud?: string;
	gitlabVersion?: string;
	baseline?: string[];
	scenarios?: string[];
	only?: string[];
	skip?: string[];
	level?: Level;
	large?: boolean;
	output?: string;
	json?: boolean;
}

export function vectorsCommand(io: Io, exit: (code: number) => void): Command {
	const command = new Command("vectors")
		.description(
			"print every scenario's token at a fixed time, with the keys that verify it: test vectors for any language, without a server",
		)
		.option(
			"--now <time>",
			"the time at which the tokens are made and judged (default: 2030-01-01T00:00:00Z)",
		)
		.option(
			"--keys <file>",
			"private keys, the attacker's too: the same file makes the same vectors (default: new keys)",
		)
		.option("--issuer <url>", "iss (default: https://gitlab.example.com)")
		.option("--gitlab-url <url>", "the GitLab's own URL, if --issuer differs")
		.option("--aud <audience>", "aud (default: https://rp.example.com)")
		.option("--gitlab-version <version>", "GitLab to emulate (default: latest)")
		.option(
			"--baseline <key=value>",
			"change the job that the scenarios differ from, such as project.path=acme/app; repeatable",
			collect,
		)
		.addOption(scenariosOption());
	for (const made of selectionOptions()) command.addOption(made);
	return command
		.option("--large", "include tokens of more than 64 KiB")
		.option("--output <file>", "file to write to (default: standard output)")
		.addOption(jsonOption().hideHelp())
		.action(async (options: VectorsCommandOptions) =>
			exit(await printVectors(options, io)),
		);
}

async function printVectors(
	{ aud, baseline, output, json: _, ...options }: VectorsCommandOptions,
	io: Io,
): Promise<number> {
	const { vectors } = await import("../../harness/vectors.js");
	const { baselineOf } = await import("../../scenario/adjust.js");
	const made = await vectors({
		...options,
		audience: aud,
		baseline: baseline && baselineOf(baseline),
	});
	const text = jsonText(made);
	if (output === undefined) io.stdout.write(text);
	else await write(output, text);
	const { vectors: count, left_out } = made.count;
	io.stderr.write(
		`${count} vectors, ${left_out} left out and listed with the reason\n`,
	);
	if (!made.reproducible) {
		io.stderr.write(
			"with new keys, so that the next run's differ; for the same ones: gitlab-oidc-mock keys --new FILE, then --keys FILE\n",
		);
	}
	return EXIT.fine;
}

const write = (file: string, text: string): Promise<void> =>
	writeFile(file, text).catch((error) => {
		throw new MockError("file", `cannot write ${file}: ${messageOf(error)}`, {
			cause: error,
		});
	});
