// `check`, ended from outside while it runs: by real signals, by a pipe that closes, by a disk that is full.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { type CheckResult, startGitLab } from "../../src/index.js";
import { isRunning } from "../relying-party/target/presentation.js";
import { MAIN } from "./command.js";

const fileOf = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const START = `"${process.execPath}" "${fileOf("rp-with-children.mjs")}"`;
const HTTP = ["--http", "http://127.0.0.1:{port}/"];
const LIMIT = { timeout: 60_000 };

async function makeFolder(): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), "check-stopped-"));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	await mkdir(join(folder, "tmp"));
	return folder;
}

/** A check as a process, in a folder of its own. */
async function startCheck(
	argv: readonly string[],
	{ env = {}, folder }: { env?: Record<string, string>; folder: string },
) {
	const child = spawn(process.execPath, [MAIN, "check", ...argv], {
		env: {
			PATH: process.env.PATH,
			TMPDIR: join(folder, "tmp"),
			CHILDREN: join(folder, "children"),
			...env,
		},
	});
	onTestFinished(() => void child.kill("SIGKILL"));
	const read = (name: "stdout" | "stderr") => {
		let text = "";
		child[name].on("data", (chunk) => {
			text += chunk;
		});
		return () => text;
	};
	const [stdout, stderr] = [read("stdout"), read("stderr")];
	const closed = codeOf(child);
	return { child, stdout, stderr, closed };
}

/** Its exit code, or the signal that ended it. */
const codeOf = (child: ChildProcess): Promise<number | string | null> =>
	new Promise((resolve) =>
		child.on("close", (code, signal) => resolve(code ?? signal)),
	);

/** The RP of `folder`, when it is up: itself, its child, one that left its group, and one that nobody is the parent of. */
async function processesOf(folder: string): Promise<number[]> {
	const file = join(folder, "children");
	await expect.poll(() => existsSync(file), { timeout: 20_000 }).toBe(true);
	await expect
		.poll(async () => (await readFile(file, "utf8")).endsWith("]"))
		.toBe(true);
	const pids: number[] = JSON.parse(await readFile(file, "utf8"));
	expect(pids.filter(isRunning)).toEqual(pids);
	onTestFinished(() => {
		for (const pid of pids.filter(isRunning)) process.kill(pid, "SIGKILL");
	});
	return pids;
}

const allEnded = (pids: readonly number[]) =>
	expect.poll(() => pids.filter(isRunning)).toEqual([]);

describe.runIf(process.platform === "linux")("told to stop", () => {
	test.for([
		["SIGINT", 130],
		["SIGTERM", 143],
		["SIGQUIT", 131],
		["SIGHUP", 129],
	] as const)(
		"by %s, it ends with %i and leaves nothing",
		LIMIT,
		async ([signal, code]) => {
			const folder = await makeFolder();
			const report = join(folder, "report.json");
			const check = await startCheck(
				[
					...[...HTTP, "--start", START, "--tls"],
					...["--concurrency", "1", "--report", `json=${report}`],
					...(signal === "SIGTERM" ? [] : ["--skip", "instance,probe"]),
				],
				{ folder, env: { SLOW: "100" } },
			);
			const pids = await processesOf(folder);
			expect(await readdir(join(folder, "tmp"))).toHaveLength(1);
			const asked = join(folder, "children.asked");
			await expect
				.poll(() => existsSync(asked), { timeout: 20_000 })
				.toBe(true);
			check.child.kill(signal);
			expect(await check.closed).toBe(code);
			await allEnded(pids);
			expect(await readdir(join(folder, "tmp"))).toEqual([]);
			// What was known by then.
			expect(check.stderr()).toContain(`${signal}: stopping`);
			expect(check.stdout()).toContain("The check was stopped");
			const result = JSON.parse(await readFile(report, "utf8")) as CheckResult;
			expect(result.conclusion).not.toBe("conforms");
			expect(result.controls.accepted).toBeGreaterThan(0);
		},
	);

	test("while the RP comes up, which it never does", LIMIT, async () => {
		const folder = await makeFolder();
		const check = await startCheck(
			[
				...HTTP,
				"--start",
				`echo $$ > "${folder}/pid"; exec sleep 600`,
				"--tls",
			],
			{ folder },
		);
		const file = join(folder, "pid");
		await expect.poll(() => existsSync(file), { timeout: 20_000 }).toBe(true);
		await expect
			.poll(async () => Number(await readFile(file, "utf8")))
			.toBeGreaterThan(1);
		const pid = Number(await readFile(file, "utf8"));
		check.child.kill("SIGTERM");
		expect(await check.closed).toBe(143);
		await allEnded([pid]);
		expect(check.stderr()).toContain("stopped before it had begun");
		expect(await readdir(join(folder, "tmp"))).toEqual([]);
	});

	test(
		"twice, it ends at once, and the RP that refuses to is killed",
		LIMIT,
		async () => {
			const folder = await makeFolder();
			const check = await startCheck([...HTTP, "--start", START, "--tls"], {
				folder,
				env: { STUBBORN: "1", SLOW: "100" },
			});
			const pids = await processesOf(folder);
			check.child.kill("SIGINT");
			// The same Ctrl-C, passed on by npx: not a second one.
			check.child.kill("SIGINT");
			await expect.poll(check.stderr).toContain("SIGINT: stopping");
			await new Promise((resolve) => setTimeout(resolve, 700));
			expect(check.child.exitCode).toBeNull();
			const begun = performance.now();
			check.child.kill("SIGINT");
			expect(await check.closed).toBe(130);
			expect(performance.now() - begun).toBeLessThan(2000);
			await allEnded(pids);
			expect(await readdir(join(folder, "tmp"))).toEqual([]);
		},
	);

	test("a server that was there before is left as it was", LIMIT, async () => {
		await using gitlab = await startGitLab();
		const own = { "/oauth/discovery/keys": { headers: { "X-Mine": "1" } } };
		gitlab.faults.set(own);
		const { kid } = gitlab.keys.ci;
		const folder = await makeFolder();
		const check = await startCheck(
			[
				...[...HTTP, "--start", START, "--server", gitlab.url],
				...["--only", "instance,probe"],
			],
			{ folder },
		);
		await gitlab.requests.wait({ path: "/_mock/faults", method: "PUT" }, 30);
		check.child.kill("SIGTERM");
		expect(await check.closed).toBe(143);
		expect(gitlab.faults.current()).toEqual(own);
		expect(gitlab.keys.ci.kid).toBe(kid);
		await allEnded(await pidsIn(folder));
	});

	test(
		"a command for each token, and what it has left behind",
		LIMIT,
		async () => {
			const folder = await makeFolder();
			const script = `setsid sleep 600 & echo $! >> "${folder}/pids"; exit 0`;
			const check = await startCheck(
				["--command", script, "--concurrency", "2"],
				{ folder },
			);
			const pids = async () =>
				(await readFile(join(folder, "pids"), "utf8").catch(() => ""))
					.split("\n")
					.slice(0, -1)
					.map(Number);
			await expect
				.poll(async () => (await pids()).length, { timeout: 20_000 })
				.toBeGreaterThan(3);
			check.child.kill("SIGINT");
			expect(await check.closed).toBe(130);
			await allEnded(await pids());
		},
	);
});

const pidsIn = async (folder: string): Promise<number[]> =>
	JSON.parse(await readFile(join(folder, "children"), "utf8"));

test("an end of its own leaves nothing either", LIMIT, async () => {
	const folder = await makeFolder();
	const check = await startCheck(
		[...HTTP, "--start", START, "--only", "time/expired"],
		{ folder },
	);
	expect(await check.closed).toBe(1);
	if (process.platform === "linux") await allEnded(await pidsIn(folder));
});

describe("the verdict's exit code stays", () => {
	test("though the pipe is closed", LIMIT, async () => {
		for (const stream of ["stdout", "stderr"] as const) {
			const folder = await makeFolder();
			const report = join(folder, "report.xml");
			const check = await startCheck(
				[
					...[...HTTP, "--start", START, "--only", "time/expired"],
					...["--report", "html=-", "--report", `junit=${report}`],
				],
				{ folder },
			);
			check.child[stream].destroy();
			expect(await check.closed).toBe(1);
			expect(await readFile(report, "utf8")).toContain("</testsuites>");
			if (process.platform === "linux") await allEnded(await pidsIn(folder));
		}
	});
});

describe.runIf(existsSync("/dev/full"))("a disk that is full", () => {
	test("costs one report, and not the others", LIMIT, async () => {
		const folder = await makeFolder();
		const report = join(folder, "report.xml");
		const check = await startCheck(
			[
				...[...HTTP, "--start", START, "--only", "time/expired"],
				...["--report", "json=/dev/full", "--report", `junit=${report}`],
			],
			{ folder },
		);
		expect(await check.closed).toBe(2);
		expect(check.stderr()).toMatch(
			/^error: --report json=\/dev\/full: cannot write it: ENOSPC/m,
		);
		expect(check.stdout()).toContain("FAILED");
		expect(await readFile(report, "utf8")).toContain("</testsuites>");
	});

	test("under standard output is told, too", LIMIT, async () => {
		const folder = await makeFolder();
		const report = join(folder, "report.xml");
		const child = spawn(
			"sh",
			[
				"-c",
				`"${process.execPath}" "${MAIN}" check --http http://127.0.0.1:{port}/ --start '${START}' --only time/expired --report "junit=${report}" > /dev/full`,
			],
			{ env: { PATH: process.env.PATH, CHILDREN: join(folder, "children") } },
		);
		let stderr = "";
		child.stderr.on("data", (chunk) => {
			stderr += chunk;
		});
		expect(await codeOf(child)).toBe(2);
		expect(stderr).toContain("cannot write to standard output: ENOSPC");
		expect(await readFile(report, "utf8")).toContain("</testsuites>");
	});
});
