// The relying party's program: started on a free port, waited for, stopped with all it started.
import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { promisify } from "node:util";
import { describe, expect, onTestFinished, test } from "vitest";
import { startRelyingParty } from "../../src/relying-party/start.js";
import type { Command } from "../../src/relying-party/target/config.js";
import { rejection } from "../refusal.js";
import { isRunning, node, TOKEN } from "./target/presentation.js";

const start = (command: Command, timeout = 10) =>
	startRelyingParty(command, {
		env: { OIDC_ISSUER: "http://127.0.0.1:8080" },
		timeout,
	});

const server = (more = "", host = '"127.0.0.1"') =>
	node(
		`${more}; require("http").createServer((request, response) => response.end(process.pid + " " + process.env.OIDC_ISSUER)).listen(process.env.PORT, ${host})`,
	);
const ask = async (port: number, host = "127.0.0.1") => {
	const text = await (await fetch(`http://${host}:${port}`)).text();
	const [pid, issuer] = text.split(" ");
	return { pid: Number(pid), issuer };
};

describe("a relying party", () => {
	test("is up when it is given, and has ended after close", async () => {
		const rp = await start(server());
		onTestFinished(rp.close);
		const { pid, issuer } = await ask(rp.port);
		expect(issuer).toBe("http://127.0.0.1:8080");
		await rp.close();
		expect(isRunning(pid)).toBe(false);
		await rp.close();
	});

	test("may be a line for the shell; what that starts ends too", async () => {
		const [program, , source = ""] = server();
		const rp = await start(`echo hello; '${program}' -e '${source}' & wait`);
		onTestFinished(rp.close);
		const { pid } = await ask(rp.port);
		expect(isRunning(pid)).toBe(true);
		expect(rp.output()).toBe("hello");
		await rp.close();
		await expect.poll(() => isRunning(pid)).toBe(false);
	});

	test("may listen on IPv6 alone", async ({ skip }) => {
		const probe = createServer().listen(0, "::1");
		const failed = await Promise.race([
			once(probe, "listening").then(() => false),
			once(probe, "error").then(() => true),
		]);
		probe.close();
		if (failed) skip("no IPv6 here");
		const rp = await start(server("", '"::1"'));
		onTestFinished(rp.close);
		expect((await ask(rp.port, "[::1]")).pid).toBeGreaterThan(1);
	});

	test("may take a while to stop, or refuse to", async () => {
		const rp = await start(
			server('process.on("SIGTERM", () => console.log("never"))'),
		);
		onTestFinished(rp.close);
		const { pid } = await ask(rp.port);
		await rp.close();
		expect(isRunning(pid)).toBe(false);
		expect(rp.output()).toBe("never");
	});

	test.runIf(process.platform === "linux")(
		"takes those along that left its process group",
		async () => {
			const [program, , source = ""] = server();
			// One with a parent that runs, one that has lost it, and one that hides its environment but has its parent.
			const rp = await start(
				`setsid sleep 600 & echo $!; (setsid sleep 600 & echo $!); setsid env -i sleep 600 & echo $!; exec '${program}' -e '${source}'`,
			);
			onTestFinished(rp.close);
			const pids = rp.output().split("\n").map(Number);
			expect(pids.filter(isRunning)).toHaveLength(3);
			expect(rp.exit()).toBeUndefined();
			await rp.close();
			await expect.poll(() => pids.filter(isRunning)).toEqual([]);
		},
	);

	test.runIf(process.platform === "linux")(
		"leaves alone what another one has started",
		async () => {
			const left = await start(
				server(
					'const child = require("child_process").spawn("sleep", ["600"], { detached: true }); console.log(child.pid)',
				),
			);
			onTestFinished(left.close);
			const other = await start(server());
			await other.close();
			await expect.poll(left.output).not.toBe("");
			expect(isRunning(Number(left.output()))).toBe(true);
		},
	);

	test("has its time to end, though the shell that started it has gone at once", async () => {
		const [program, , source = ""] = server(
			'process.on("SIGTERM", () => setTimeout(() => { console.log("saved"); process.exit(); }, 1000))',
		);
		const rp = await start(`'${program}' -e '${source}'; true`);
		onTestFinished(rp.close);
		await rp.close();
		expect(rp.output()).toBe("saved");
	});

	test("each has a port of its own", async () => {
		const rps = await Promise.all([start(server()), start(server())]);
		for (const { close } of rps) onTestFinished(close);
		const pids = await Promise.all(rps.map(({ port }) => ask(port)));
		expect(new Set(pids.map(({ pid }) => pid)).size).toBe(2);
	});
});

describe("a relying party that", () => {
	test.for<[string, Command, number, RegExp]>([
		[
			"ends",
			"echo starting; echo no database >&2; exit 3",
			10,
			/ ended before its port answered \(exit 3\)\. Its last output:\nstarting\nno database$/,
		],
		[
			"ends well, which is no better",
			"exit 0",
			10,
			/^the relying party `exit 0` ended before its port answered \(exit 0\)\. It printed nothing\.$/,
		],
		["crashes", "kill -ABRT $$", 10, / answered \(ended by SIGABRT\)\. /],
		[
			"is not there",
			["no-such-program"],
			10,
			/ answered \(cannot be started: .+ENOENT\)\. /,
		],
		[
			"listens elsewhere",
			"echo waiting; exec sleep 600",
			0.3,
			/ did not answer on port \d+ within 0\.3 s; it must listen on the port that PORT .+\nwaiting$/,
		],
	])("%s is an error", async ([, command, timeout, message]) => {
		expect(await rejection(start(command, timeout))).toEqual({
			code: "unreachable",
			message: expect.stringMatching(message),
		});
	});

	test("ends is not waited for", async () => {
		const begun = performance.now();
		await rejection(start("exit 1", 60));
		expect(performance.now() - begun).toBeLessThan(5000);
	});

	test("does not answer has ended when that is said", async () => {
		const failed = await rejection(
			start("echo pid $$; sleep 600 & echo pid $!; wait", 0.5),
		);
		if (typeof failed === "string") throw new Error("it was not started");
		const pids = [...failed.message.matchAll(/^pid (\d+)$/gm)];
		expect(pids.length).toBe(2);
		for (const [, pid] of pids) {
			await expect.poll(() => isRunning(Number(pid))).toBe(false);
		}
	});
});

test("its output is kept in part, and safe", async () => {
	const noise = `process.stdout.write("\\u001b[2J${TOKEN}\\u202e\\n" + "no end \\n".repeat(200_000) + "last\\n")`;
	const rp = await start(server(noise));
	onTestFinished(rp.close);
	await expect.poll(rp.output).toMatch(/no end\nlast$/);
	expect(rp.output().length).toBeLessThanOrEqual(65_536);

	const failed = await rejection(
		start(node(`console.log("\\u001b[2J${TOKEN} \\u202e"); process.exit(4)`)),
	);
	expect(failed).toMatchObject({
		message: expect.stringMatching(/\n\ufffd\[2JeyJhbGciOiJS… \ufffd$/),
	});
});

test.for([
	["exits", "process.exit(0)"],
	["is interrupted", 'process.kill(process.pid, "SIGINT")'],
	["is told to end", 'process.kill(process.pid, "SIGTERM")'],
	["throws", 'throw new Error("a bug")'],
])("it does not outlive a process that %s", async ([, end]) => {
	const module = new URL("../../dist/relying-party/start.js", import.meta.url);
	const source = `const { startRelyingParty } = await import(${JSON.stringify(module.href)});
		const { port } = await startRelyingParty(${JSON.stringify(server())}, { env: {}, timeout: 10 });
		const text = await (await fetch("http://127.0.0.1:" + port)).text();
		process.stdout.write(text, () => { ${end} });`;
	const { stdout } = await promisify(execFile)(process.execPath, [
		"--input-type=module",
		"-e",
		source,
	]).catch((error: { stdout: string }) => error);
	const pid = Number(/^\d+/.exec(stdout)?.[0]);
	expect(pid).toBeGreaterThan(1);
	await expect.poll(() => isRunning(pid)).toBe(false);
});
