// pipeline.mjs URL: runs the scripts of examples/gitlab-ci.yml, with the server at URL for the service `gitlab`.
// @ts-check
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { parse } from "yaml";

const [url = ""] = process.argv.slice(2);
const example = new URL("../../examples/gitlab-ci.yml", import.meta.url);
const pipeline = parse(await readFile(example, "utf8"));
const folder = await mkdtemp(join(tmpdir(), "pipeline-"));
let ran = 0;
for (const [name, job] of Object.entries(pipeline)) {
	if (!job.script) continue;
	const [service] = job.services;
	if (service.alias !== "gitlab") throw new Error(`${name}: no service gitlab`);
	const script = ["set -eo pipefail", ...job.script]
		.join("\n")
		.replaceAll("http://gitlab:8080", url);
	const { stdout } = await promisify(execFile)("bash", ["-c", script], {
		cwd: folder,
		env: { ...process.env, ...job.variables },
		timeout: 60_000,
	});
	if (!stdout.includes(name)) throw new Error(`${name} printed: ${stdout}`);
	ran += 1;
}
await rm(folder, { recursive: true });
if (ran === 0) throw new Error("the example has no job");
console.log("pipeline ran");
