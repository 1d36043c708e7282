// A relying party for the length of a run: asked, started anew, seen to have ended, copied, stopped for good.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { openRelyingParty } from "../../src/relying-party/open.js";
import type { RelyingPartyConfig } from "../../src/relying-party/relying-party.js";
import { isRunning, node, presentation } from "./target/presentation.js";
import { startServer } from "./target/server.js";

const LIMIT = { timeout: 30_000 };

async function makeFolder(): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), "open-"));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	return folder;
}

async function open(config: Partial<RelyingPartyConfig>, concurrency?: number) {
	const party = await openRelyingParty({
		config: {
			target: { http: { url: "http://127.0.0.1:{port}/" } },
			audience: "https://rp.test",
			...config,
		},
		issuer: { issuer: "http://127.0.0.1:1", ca: undefined },
		concurrency,
	});
	onTestFinished(party.close);
	return party;
}

/** A server that answers with its process id and its issuer, as a refusal; `more` runs before it listens. */
const server = (more = "") =>
	node(
		`${more}; require("http").createServer((request, response) => { if (request.headers.authorization === "Bearer die") { console.error("out of memory"); process.exit(7); } response.writeHead(401); response.end(process.pid + " " + process.env.OIDC_ISSUER); }).listen(process.env.PORT, "127.0.0.1")`,
	);
const pidIn = (detail: string) => Number(/: (\d+) /.exec(detail)?.[1]);

describe("started anew", () => {
	test(
		"it is another process; one that has ended says how",
		LIMIT,
		async () => {
			const party = await open({ start: server() });
			const before = await party.present(presentation());
			expect(party.exit?.()).toBeUndefined();
			expect(await party.present(presentation("die"))).toMatchObject({
				outcome: "crashed",
			});
			await expect.poll(() => party.exit?.()).toBe("exit 7");
			expect(party.output?.()).toBe("out of memory");
			const outcome = await party.restart?.();
			expect(outcome).toEqual({ started: true, seconds: expect.any(Number) });
			expect(party.exit?.()).toBeUndefined();
			const after = await party.present(presentation());
			expect(pidIn(after.detail)).not.toBe(pidIn(before.detail));
		},
	);

	test(
		"it may end at once: that is told, and it is asked in vain",
		LIMIT,
		async () => {
			const file = join(await makeFolder(), "down");
			const more = `if (require("fs").existsSync(${JSON.stringify(file)})) { console.error("no discovery document"); process.exit(3); }`;
			const party = await open({ start: server(more) });
			await writeFile(file, "");
			expect(await party.restart?.()).toEqual({
				started: false,
				how: "ended",
				detail:
					"ended before its port answered (exit 3). Its last output:\nno discovery document",
			});
			expect(party.exit?.()).toBe("exit 3");
			const inVain = await party.present(presentation());
			expect(inVain.outcome).toBe("crashed");
			expect(inVain.detail).toContain("it ended before its port answered");
			await rm(file);
			expect(await party.restart?.()).toMatchObject({ started: true });
			expect((await party.present(presentation())).outcome).toBe("rejected");
		},
	);

	test("it may be silent for longer than it is given", LIMIT, async () => {
		const file = join(await makeFolder(), "down");
		const party = await open({
			start: `if [ -e "${file}" ]; then exec sleep 600; fi; exec ${server()
				.map((word) => `'${word}'`)
				.join(" ")}`,
		});
		await writeFile(file, "");
		const outcome = await party.restart?.({ startTimeout: 0.3 });
		expect(outcome).toMatchObject({
			started: false,
			how: "silent",
			detail: expect.stringMatching(
				/^did not answer on port \d+ within 0\.3 s/,
			),
		});
		expect(party.exit?.()).toBeUndefined();
	});

	test("it is not, once it was closed", LIMIT, async () => {
		const party = await open({ start: server() });
		const { detail } = await party.present(presentation());
		const [outcome] = await Promise.all([party.restart?.(), party.close()]);
		expect(outcome?.started).toBe(false);
		expect(await party.restart?.()).toMatchObject({ started: false });
		expect(isRunning(pidIn(detail))).toBe(false);
		expect((await party.present(presentation())).outcome).toBe("crashed");
	});
});

describe("a copy", () => {
	test("trusts another issuer, and ends with the first", LIMIT, async () => {
		const party = await open({ start: server() });
		const copy = await party.copy?.({ issuer: "http://other", ca: undefined });
		const [one, other] = [
			await party.present(presentation()),
			await copy?.present(presentation()),
		];
		expect(one.detail).toContain("http://127.0.0.1:1");
		expect(other?.detail).toContain("http://other");
		await party.close();
		const pids = [pidIn(one.detail), pidIn(other?.detail ?? "")];
		expect(pids.filter(isRunning)).toEqual([]);
	});

	test("that never comes up ends with the first, too", LIMIT, async () => {
		const folder = await makeFolder();
		const more = `if (process.env.OIDC_ISSUER === "http://other") { require("fs").writeFileSync(${JSON.stringify(join(folder, "pid"))}, String(process.pid)); process.env.PORT = "0"; }`;
		const party = await open({ start: server(more) });
		const copy = party.copy?.({ issuer: "http://other", ca: undefined });
		const failed = expect(copy).rejects.toThrow("was stopped before its port");
		const pid = async () =>
			Number(await readFile(join(folder, "pid"), "utf8").catch(() => "0"));
		await expect.poll(pid, { timeout: 10_000 }).toBeGreaterThan(1);
		await party.close();
		await failed;
		expect(isRunning(await pid())).toBe(false);
	});

	test.for<[string, Partial<RelyingPartyConfig>, boolean]>([
		["of a command", { target: { command: "exit 0" } }, true],
		["of one that reads lines", { target: { lines: "cat" } }, true],
		[
			"of a service that runs already",
			{ target: { http: { url: "http://127.0.0.1:1/" } } },
			false,
		],
		[
			"of one that listens where it wants",
			{ target: { http: { url: "http://127.0.0.1:1/" } }, start: server() },
			false,
		],
		[
			"of a command that asks what was started by its port",
			{ target: { command: "test $PORT -gt 0" }, start: server() },
			true,
		],
		[
			"of a command that asks what was started somewhere",
			{ target: { command: "exit 0" }, start: server() },
			false,
		],
	])("%s: whether there can be one", LIMIT, async ([, config, expected]) => {
		const party = await open(config);
		expect(party.copy !== undefined).toBe(expected);
	});
});

test("a command is told the port of what was started", LIMIT, async () => {
	const party = await open({
		target: { command: "test $PORT -gt 0" },
		start: server(),
	});
	expect((await party.present(presentation())).outcome).toBe("accepted");
});

test("lines: how it ended, and what it printed", LIMIT, async () => {
	const party = await open({
		target: { lines: "read line; echo panic >&2; kill -SEGV $$" },
	});
	expect(party.exit?.()).toBeUndefined();
	expect(await party.present(presentation())).toMatchObject({
		outcome: "crashed",
		detail: "the program ended: ended by SIGSEGV: panic",
	});
	expect([party.exit?.(), party.output?.()]).toEqual([
		"ended by SIGSEGV",
		"panic",
	]);
	expect(await party.restart?.()).toMatchObject({ started: true });
	expect(party.exit?.()).toBeUndefined();
});

test("a hundred tokens at once are a hundred", LIMIT, async () => {
	const many = 100;
	const waiting: (() => void)[] = [];
	const { port } = await startServer((response) => {
		waiting.push(() => response.end());
		if (waiting.length === many) for (const answer of waiting) answer();
	});
	const party = await open({
		target: { http: { url: `http://127.0.0.1:${port}/` } },
	});
	expect(party.atOnce).toBe(200);
	const answers = await Promise.all(
		Array.from({ length: many }, () => party.present(presentation())),
	);
	expect(new Set(answers.map(({ outcome }) => outcome))).toEqual(
		new Set(["accepted"]),
	);
	expect((await open({ target: { command: "exit 0" } }, 7)).atOnce).toBe(7);
	expect((await open({ target: { lines: "cat" } }, 500)).atOnce).toBe(500);
});
