// npm test: everything is built, then tested. With --changed only the tests that lie where the sources lie that have changed
// since the last commit (or --changed=COMMIT), without those that take long, after the command alone has been built.
// @ts-check
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const OPTION = /^--changed(?:=(.+))?$/;

/** What takes more than a few seconds, in vitest's words. */
const LONG = [
	...["package/**", "check/soundness/**", "check/correct/**"],
	...["check/check.test.ts", "cli/check-*", "**/fuzz.test.ts"],
];

/** Runs to its end, and ends with it where it fails. @param {string} command @param {string[]} args */
function run(command, ...args) {
	const { status } = spawnSync(command, args, { cwd: root, stdio: "inherit" });
	if (status !== 0) process.exit(status ?? 1);
}

/** @param {string[]} args */
const git = (...args) =>
	execFileSync("git", args, { cwd: root, encoding: "utf8" })
		.split("\n")
		.filter((line) => line !== "");

/** Where the tests of a file lie: test mirrors src. @param {string} path */
function testsOf(path) {
	if (/^test\/.*\.test\.ts$/.test(path)) return path.slice("test/".length);
	if (path.startsWith("scenarios/")) return "laws.test.ts";
	const [, place] = /^(?:src|test)\/(.*)$/.exec(path) ?? [];
	if (place === undefined) return undefined;
	const own = place.replace(/(\.ts)?$/, ".test.ts");
	if (existsSync(`${root}/test/${own}`)) return own;
	for (let end = place.lastIndexOf("/"); end > 0; ) {
		const folder = place.slice(0, end);
		if (existsSync(`${root}/test/${folder}`)) return `${folder}/`;
		end = place.lastIndexOf("/", end - 1);
	}
	return undefined;
}

const args = process.argv.slice(2);
const asked = args.find((arg) => OPTION.test(arg));
if (asked === undefined) {
	run("npm", "run", "build", "--silent");
	run("vitest", "run", "--config", "test/vitest.config.ts", ...args);
} else {
	const since = OPTION.exec(asked)?.[1] ?? "HEAD";
	const paths = [
		...git("diff", "--name-only", since),
		...git("ls-files", "--others", "--exclude-standard"),
	];
	const tests = new Set([
		"architecture.test.ts",
		...paths.flatMap((path) => testsOf(path) ?? []),
	]);
	console.log(`changed since ${since}: tests in ${[...tests].join(", ")}`);
	if (!existsSync(`${root}/dist/scenario/built-in.json`))
		run("npm", "run", "build", "--silent");
	else if (paths.some((path) => path.startsWith("src/")))
		run(process.execPath, "scripts/command.mjs");
	const rest = args.filter((arg) => arg !== asked);
	const without = LONG.flatMap((pattern) => ["--exclude", pattern]);
	run(
		"vitest",
		"run",
		"--config",
		"test/vitest.config.ts",
		...without,
		...tests,
		...rest,
	);
}
