// A program for each token: what it is given, what its end means, and that nothing of it is left.
import { mkdtemp, readFile, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { commandTarget } from "../../../src/relying-party/target/command.js";
import type { Command } from "../../../src/relying-party/target/config.js";
import { refusal, rejection } from "../../refusal.js";
import {
	closing,
	isRunning,
	node,
	presentation,
	TOKEN,
} from "./presentation.js";

const open = (command: Command, more = {}) =>
	closing(commandTarget(command, { timeout: 10, ...more }));

async function makeFolder(): Promise<string> {
	const folder = await realpath(await mkdtemp(join(tmpdir(), "command-")));
	onTestFinished(() => rm(folder, { recursive: true }));
	return folder;
}

test("it gets the token alone on stdin, and the rest in its environment", async () => {
	const cwd = await makeFolder();
	const program = node(
		'require("fs").writeFileSync("seen", JSON.stringify([require("fs").readFileSync(0, "utf8"), process.cwd(), process.env]))',
	);
	const token = "a\n\0 é😀 ";
	const target = open(program, { cwd, env: { OIDC_CA_FILE: "/ca.pem" } });
	const answer = await target.present(presentation(token));
	expect(answer).toMatchObject({ outcome: "accepted", detail: "exit 0" });
	const [input, folder, env] = JSON.parse(
		await readFile(join(cwd, "seen"), "utf8"),
	);
	expect([input, folder]).toEqual([token, cwd]);
	expect(env).toMatchObject({
		PATH: process.env.PATH,
		OIDC_ISSUER: "http://127.0.0.1:8080",
		OIDC_JWKS_URI: "http://127.0.0.1:8080/oauth/discovery/keys",
		OIDC_AUDIENCE: "https://rp.test/a b",
		OIDC_SCENARIO: "valid/baseline",
		OIDC_CA_FILE: "/ca.pem",
	});
});

test("half a surrogate pair has no bytes", async () => {
	const target = open("exit 0");
	const unsent = { outcome: "unsent", detail: "the token has no UTF-8 form" };
	expect(await target.present(presentation("a\ud800"))).toMatchObject(unsent);
	expect(await target.present(presentation("a😀"))).toMatchObject({
		outcome: "accepted",
	});
});

describe("its end means", () => {
	test.for([
		["exit 0", "accepted", "exit 0"],
		["exit 1", "rejected", "exit 1"],
		["echo expired >&2; exit 1", "rejected", "exit 1: expired"],
		["echo a >&2; echo b >&2; exit 1", "rejected", "exit 1: a b"],
		["echo secret; exit 0", "accepted", "exit 0"],
		["exit 2", "crashed", "exit 2"],
		["kill -SEGV $$", "crashed", "ended by SIGSEGV"],
		["no-such-program-here", "crashed", /^exit 127: .+ not found$/],
		[["no-such-program-here"], "crashed", /^cannot be started: .+ ENOENT$/],
		[["true", "; exit 1"], "accepted", "exit 0"],
	] as const)("%j: %s", async ([command, outcome, detail]) => {
		const target = open(typeof command === "string" ? command : [...command]);
		expect(await target.present(presentation())).toMatchObject({
			outcome,
			detail:
				typeof detail === "string" ? detail : expect.stringMatching(detail),
		});
	});

	test("the same though it reads nothing of a large token", async () => {
		const token = "a".repeat(1_048_576);
		for (const [command, outcome] of [
			["exit 0", "accepted"],
			["exit 1", "rejected"],
			["exec 0<&-; exit 1", "rejected"],
		] as const) {
			expect(await open(command).present(presentation(token))).toMatchObject({
				outcome,
			});
		}
	});
});

describe("nothing of it is left", () => {
	test("after a timeout, not even what it started", async () => {
		const cwd = await makeFolder();
		const command = "sleep 600 & echo $$ $! > pids; wait";
		const target = open(command, { cwd, timeout: 0.5 });
		const answer = await target.present(presentation());
		expect(answer).toMatchObject({
			outcome: "hung",
			detail: "no end within 0.5 s",
		});
		const pids = await readFile(join(cwd, "pids"), "utf8");
		expect(pids).toMatch(/^\d+ \d+\n$/);
		await allEnded(pids.trim().split(" ").map(Number));
	});

	test("of what it leaves in the background, though that holds its stderr", async () => {
		const cwd = await makeFolder();
		const target = open("sleep 600 & echo $! > pid; exit 1", { cwd });
		const answer = await target.present(presentation());
		expect(answer.outcome).toBe("rejected");
		expect(answer.duration).toBeLessThan(5);
		await allEnded([Number(await readFile(join(cwd, "pid"), "utf8"))]);
	});

	test.runIf(process.platform === "linux")(
		"of what left its group: it is not waited for, and ends with the target",
		async () => {
			const cwd = await makeFolder();
			const target = open("setsid sleep 600 & echo $! > pid; exit 0", { cwd });
			const answer = await target.present(presentation());
			const pid = Number(await readFile(join(cwd, "pid"), "utf8"));
			onTestFinished(
				() => void (isRunning(pid) && process.kill(pid, "SIGKILL")),
			);
			expect(answer.outcome).toBe("accepted");
			expect(answer.duration).toBeLessThan(5);
			await target.close();
			await allEnded([pid]);
			expect(await target.present(presentation())).toMatchObject({
				outcome: "crashed",
				detail: "the target is closed",
			});
		},
	);

	test("when the target is closed", async () => {
		const target = open("exec sleep 600");
		const answer = target.present(presentation());
		await target.close();
		expect(await answer).toMatchObject({
			outcome: "crashed",
			detail: "ended by SIGKILL",
		});
	});
});

/** Ends as soon as all of them have. */
async function allEnded(pids: readonly number[]): Promise<void> {
	await expect.poll(() => pids.filter(isRunning)).toEqual([]);
}

describe("what it prints", () => {
	test("may be the token, control characters, and much", async () => {
		const program = node(
			'const t = require("fs").readFileSync(0, "utf8"); const line = "\\u001b[2J" + t + " bad token\\0 "; process.stderr.write(line.repeat(50_000)); process.exitCode = 1',
		);
		const { outcome, detail } = await open(program).present(presentation());
		expect(outcome).toBe("rejected");
		expect(detail).toMatch(/^exit 1: \ufffd\[2JeyJhbGciOiJS… bad token\ufffd /);
		expect(detail.length).toBe(300);
		expect(detail).not.toContain(TOKEN.slice(0, 20));
	});

	test("may have no end: then the timeout is its end", async () => {
		const target = open("exec yes >&2", { timeout: 0.3 });
		expect(await target.present(presentation())).toMatchObject({
			outcome: "hung",
			detail: expect.stringMatching(/^no end within 0\.3 s: y y y /),
		});
	});
});

test("it may take longer by the patience that the token has", async () => {
	const target = open("sleep 0.4", { timeout: 0.1 });
	const ask = async (patience?: number) =>
		(await target.present(presentation(), { patience })).outcome;
	expect([await ask(), await ask(10)]).toEqual(["hung", "accepted"]);
});

test("several run at once", async () => {
	const target = open("read -r token; test $token = good");
	const tokens = ["good", "bad", "good", "bad"];
	const answers = await Promise.all(
		tokens.map((token) => target.present(presentation(`${token}\n`))),
	);
	expect(answers.map(({ outcome }) => outcome)).toEqual([
		"accepted",
		"rejected",
		"accepted",
		"rejected",
	]);
});

test("no system runs a program with NUL in its name", async () => {
	const present = open(["a\0b"]).present(presentation());
	expect(await rejection(present)).toEqual({
		code: "invalid_option",
		message: expect.stringMatching(/^cannot start `a\ufffdb`: .+null bytes/),
	});
	expect(refusal(() => open(["true"]))).toBe("accepted");
});

test("the description is its line", () => {
	expect(open("a  'b'\u001b | c").description).toBe("command: a 'b'\ufffd | c");
	expect(open(["a", "b c"]).description).toBe("command: a b c");
});
