// scenarios new: a file to fill in, which lints as it is.
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { Command } from "commander";
import { MockError, messageOf } from "../../errors.js";
import { EXIT, type Io } from "../io.js";

const SCHEMA = "gitlab-oidc-mock/scenarios/schema.json";

export function scenariosNewCommand(
	io: Io,
	exit: (code: number) => void,
): Command {
	return new Command("new")
		.description("write a scenario file to fill in")
		.argument("<id>", "its path without the ending, such as ref/from-a-fork")
		.option("--dir <dir>", "folder of your scenarios", ".")
		.action(async (id: string, { dir }: { dir: string }) =>
			exit(await scaffold(id, dir, io)),
		);
}

async function scaffold(id: string, dir: string, io: Io): Promise<number> {
	const { readScenario } = await import("../../scenario/read.js");
	const file = join(dir, `${id}.yaml`);
	const text = template(id, file);
	const read = readScenario(id, file, text);
	if (Array.isArray(read)) {
		throw new MockError("invalid_option", read[0]?.message ?? `"${id}"`);
	}
	try {
		await mkdir(dirname(file), { recursive: true });
		await writeFile(file, text, { flag: "wx" });
	} catch (error) {
		throw new MockError("file", `cannot write ${file}: ${messageOf(error)}`, {
			cause: error,
		});
	}
	io.stdout.write(`${file}\n`);
	return EXIT.fine;
}

function template(id: string, file: string): string {
	const schema = join(relative(dirname(file), "."), "node_modules", SCHEMA);
	return `# yaml-language-server: $schema=${schema}
title: What the token of ${id.slice(-50)} is
expect: policy # accept, reject (then with rule: …), or policy: your own policy decides
why: |
  What goes wrong where this token is let in, or what breaks where it is not.
spec: ["where that is written"]
job:
  ref: main # what differs from the job of valid/baseline; see the keys in scenarios/README.md
`;
}
