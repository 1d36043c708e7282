// npm test: everything is built, then tested. With --changed only what a change since the last commit (or --changed=COMMIT)
// can reach, after the command alone has been built: the types are for `npm run check`.
// @ts-check
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const args = process.argv.slice(2);
const quick =
	args.some((arg) => /^--changed(=|$)/.test(arg)) &&
	existsSync(`${root}/dist/scenario/built-in.json`);

/** Runs to its end, and ends with it where it fails. @param {string} command @param {string[]} args */
function run(command, ...args) {
	const { status } = spawnSync(command, args, { cwd: root, stdio: "inherit" });
	if (status !== 0) process.exit(status ?? 1);
}

if (quick) {
	run(process.execPath, "scripts/bundle.mjs");
	run(process.execPath, "scripts/command.mjs");
} else run("npm", "run", "build", "--silent");
run("vitest", "run", "--config", "test/vitest.config.ts", ...args);
