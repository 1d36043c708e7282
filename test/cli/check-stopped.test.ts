// `check`, told to stop from outside while it runs: by real signals.
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type CheckResult, startGitLab } from "../../src/index.js";
import {
	allEnded,
	HTTP,
	LIMIT,
	makeFolder,
	pidsIn,
	processesOf,
	START,
	startCheck,
} from "./check-process.js";

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
					// The whole is asked once; of these 82 there are enough left, too.
					...(signal === "SIGTERM" ? [] : ["--only", "time,claims,key,header"]),
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
		await gitlab.requests.wait(
			{ path: "/_mock/instances", method: "POST" },
			30,
		);
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
