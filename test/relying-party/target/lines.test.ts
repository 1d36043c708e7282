// A program that reads lines: several tokens at once, in any order, and every way in which it may fail.
import { afterAll, describe, expect, test } from "vitest";
import { linesTarget } from "../../../src/relying-party/target/lines.js";
import type { Outcome } from "../../../src/verdict/result.js";
import {
	closing,
	isRunning,
	node,
	presentation,
	TOKEN,
} from "./presentation.js";

/** A program in which `answer(question)` gets each question and `say` prints. */
const program = (body: string) =>
	node(
		`const say = (value) => process.stdout.write(typeof value === "string" ? value : JSON.stringify(value) + "\\n");
		require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => answer(JSON.parse(line)));
		${body}`,
	);
const open = (body: string, more = {}) =>
	closing(linesTarget(program(body), { timeout: 10, ...more }));

const JUDGE =
	'const answer = ({ id, token }) => say({ id, accepted: token !== "bad", detail: "pid " + process.pid });';
const pidOf = ({ detail }: { detail: string }) => Number(detail.slice(4));

test("it gets a JSON line for each token, and the rest in its environment", async () => {
	const target = open(
		"const answer = (asked) => say({ id: asked.id, accepted: true, detail: [asked.token, asked.issuer, asked.audience, asked.scenario, process.env.OIDC_ISSUER, process.env.OIDC_JWKS_URI, process.env.OIDC_AUDIENCE, process.env.OIDC_CA_FILE] })",
		{ env: { OIDC_CA_FILE: "/ca.pem" } },
	);
	const { outcome, detail } = await target.present(presentation("a\n\0\ud800"));
	expect(outcome).toBe("accepted");
	expect(JSON.parse(detail)).toEqual([
		"a\n\0\ud800",
		"http://127.0.0.1:8080",
		"https://rp.test/a b",
		"valid/baseline",
		"http://127.0.0.1:8080",
		"http://127.0.0.1:8080/oauth/discovery/keys",
		"https://rp.test/a b",
		"/ca.pem",
	]);
});

test("answers may come in any order", async () => {
	const target = open(
		"const all = []; const answer = (asked) => { all.push(asked); if (all.length === 4) for (const { id, token } of all.reverse()) say({ id, accepted: token === 'good', detail: token + id }); }",
	);
	const tokens = ["good", "bad", "bad", "good"];
	const answers = await Promise.all(
		tokens.map((token) => target.present(presentation(token))),
	);
	expect(answers.map(({ outcome, detail }) => [outcome, detail])).toEqual([
		["accepted", "good1"],
		["rejected", "bad2"],
		["rejected", "bad3"],
		["accepted", "good4"],
	]);
});

test("one program answers all, and it has ended after close", async () => {
	const target = open(JUDGE);
	const answers = [
		await target.present(presentation()),
		await target.present(presentation("bad")),
		await target.present(presentation("")),
	];
	expect(answers.map(({ outcome }) => outcome)).toEqual([
		"accepted",
		"rejected",
		"accepted",
	]);
	expect(new Set(answers.map(pidOf)).size).toBe(1);
	const [first] = answers;
	const pid = first ? pidOf(first) : 0;
	expect(isRunning(pid)).toBe(true);
	await target.close();
	expect(isRunning(pid)).toBe(false);
	expect(await target.present(presentation())).toMatchObject({
		outcome: "crashed",
		detail: "the target is closed",
	});
});

describe("no answer is", () => {
	const none = (outcome: Outcome, detail: RegExp | string) => ({
		outcome,
		detail: typeof detail === "string" ? detail : expect.stringMatching(detail),
	});
	const broken = (detail: RegExp | string) => none("broken", detail);
	const accepted = { outcome: "accepted" };

	describe("a line that says something else, and the program goes on:", () => {
		/** What it says instead, and the words for that; ID is the number that came with the token, NEXT the one after it. */
		const SAID = {
			"an error": ["{ id, error: 'no keys' }", "^no keys$"],
			"an error that is an object": [
				"{ id, error: { a: 1 } }",
				'^\\{"a":1\\}$',
			],
			"an error beside a verdict": [
				"{ id, error: 'x', accepted: true }",
				"^x$",
			],
			"no verdict": [
				"{ id }",
				'^an answer without accepted: .+ \\{"id":ID\\}$',
			],
			"a text for one": ["{ id, accepted: 'true' }", "^an answer without "],
			"no JSON": ["'hello\\n'", "^printed a line that is no answer: hello$"],
			null: ["null", "^printed .+: null$"],
			"a list": ["[id, true]", "^printed .+: \\[ID,true\\]$"],
			"no id": [
				"{ accepted: true }",
				'^printed .+ \\(it lacks id: repeat the number .+\\): \\{"accepted":true\\}$',
			],
			"an id that is a text": [
				"{ id: String(id), accepted: true }",
				"^printed .+ \\(its id is not the number that came with the token\\)",
			],
			"an id of the future": [
				"{ id: id + 1, accepted: true }",
				"^printed .+ \\(no token came with the id NEXT, the last was ID\\)",
			],
			"an id of nobody": ["{ id: 0, accepted: true }", "^printed "],
			"an exponent": ["{ id: 1e300, accepted: true }", "^printed "],
		} as const;
		const instead = Object.entries(SAID).map(
			([name, [said]]) => `${JSON.stringify(name)}: (id) => (${said})`,
		);
		const target = linesTarget(
			program(
				`const instead = { ${instead.join()} }; const answer = ({ id, token }) => say(instead[token]?.(id) ?? (token in instead ? null : { id, accepted: true, detail: String(id) }))`,
			),
			{ timeout: 10 },
		);
		afterAll(() => target.close());

		test.for(Object.entries(SAID))("%s", async ([name, [, words]]) => {
			const broke = await target.present(presentation(name));
			const next = await target.present(presentation());
			expect(next).toMatchObject(accepted);
			const detail = words
				.replace("NEXT", next.detail)
				.replace("ID", String(Number(next.detail) - 1));
			expect(broke).toMatchObject(broken(new RegExp(detail)));
		});
	});

	test("a line of 10 MiB, of which little is kept", async () => {
		const target = open(
			`const answer = ({ id, token }) => say(token === "bad" ? "x y ".repeat(2_621_440) + "\\n" : { id, accepted: true })`,
		);
		const answer = await target.present(presentation("bad"));
		expect(answer).toMatchObject(broken(/^printed a line .+: x y x y /));
		expect(answer.detail.length).toBeLessThanOrEqual(300);
		expect(await target.present(presentation())).toMatchObject(accepted);
	});

	test("a flood: it is ended, and the next token has a new program", async () => {
		const target = open(
			`const answer = ({ id, token }) => { if (token === "bad") for (;;) require("fs").writeSync(1, "y\\n".repeat(1000)); else say({ id, accepted: true, detail: "pid " + process.pid }) }`,
		);
		const before = pidOf(await target.present(presentation()));
		expect(await target.present(presentation("bad"))).toMatchObject(
			broken("printed a line that is no answer: y"),
		);
		await expect.poll(() => isRunning(before)).toBe(false);
		const after = await target.present(presentation());
		expect(after).toMatchObject(accepted);
		expect(pidOf(after)).not.toBe(before);
	});

	test("its end, for all that wait; the next token has a new program", async () => {
		const target = open(
			`const answer = ({ id, token }) => { if (token === "bad") { console.error("panic: \\u001b[2J" + "${TOKEN}"); process.exit(3); } if (token !== "wait") say({ id, accepted: true }) }`,
		);
		expect(await target.present(presentation())).toMatchObject(accepted);
		const answers = await Promise.all(
			["wait", "wait", "bad"].map((token) =>
				target.present(presentation(token)),
			),
		);
		const detail = "the program ended: exit 3: panic: \ufffd[2JeyJhbGciOiJS…";
		expect(answers).toMatchObject(Array(3).fill(none("crashed", detail)));
		expect(await target.present(presentation())).toMatchObject(accepted);
	});

	test("everything after it was started again too often", async () => {
		const target = open(`const answer = () => process.exit(1)`, {
			restarts: 2,
		});
		const details: string[] = [];
		for (let round = 0; round < 5; round++) {
			const { outcome, detail } = await target.present(presentation());
			expect(outcome).toBe("crashed");
			details.push(detail);
		}
		const ended = "the program ended: exit 1";
		const given =
			"the program ended or was stuck too often: it was started again 2 times, and ended at last with exit 1";
		expect(details).toEqual([ended, ended, ended, given, given]);
	});

	test("a program that is not there", async () => {
		const target = closing(linesTarget(["no-such-program"], { timeout: 10 }));
		expect(await target.present(presentation())).toMatchObject(
			none("crashed", /^the program ended: cannot be started: .+ENOENT$/),
		);
	});

	test("one token's silence, but not that of those beside it", async () => {
		const target = open(
			`const answer = ({ id, token }) => { if (token === "good") { say({ id, accepted: true, detail: "pid " + process.pid }); } }`,
			{ timeout: 1.5 },
		);
		const before = await target.present(presentation("good"));
		const silent = target.present(presentation("bad"));
		const beside = await target.present(presentation("good"));
		expect(await silent).toMatchObject(none("hung", "no answer within 1.5 s"));
		const after = await target.present(presentation("good"));
		expect([before, beside, after]).toMatchObject(Array(3).fill(accepted));
		expect(new Set([before, beside, after].map(pidOf)).size).toBe(1);
	});

	test("silence to all: it is stuck, and the next token has a new program", async () => {
		const target = open(
			`const answer = ({ id, token }) => { if (token === "bad") Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0); say({ id, accepted: true, detail: "pid " + process.pid }) }`,
			{ timeout: 1.5 },
		);
		const before = pidOf(await target.present(presentation()));
		expect(await target.present(presentation("bad"))).toMatchObject(
			none("hung", "no answer within 1.5 s"),
		);
		const after = await target.present(presentation());
		expect(after).toMatchObject(accepted);
		expect(pidOf(after)).not.toBe(before);
		await expect.poll(() => isRunning(before)).toBe(false);
	});
});

test("an answer that comes too late belongs to nobody", async () => {
	const target = open(
		`let kept; const answer = ({ id, token }) => {
			if (token === "late") kept = id;
			else if (token === "now") { say({ id: kept, accepted: true }); say({ id, accepted: false }); }
			else say({ id, accepted: true });
		}`,
		{ timeout: 1.5 },
	);
	await target.present(presentation());
	const late = target.present(presentation("late"));
	await target.present(presentation());
	expect((await late).outcome).toBe("hung");
	expect((await target.present(presentation("now"))).outcome).toBe("rejected");
});

test("it may take longer by the patience that the token has", async () => {
	const target = open(
		`const answer = ({ id }) => setTimeout(() => say({ id, accepted: true }), 600)`,
		{ timeout: 0.3 },
	);
	const ask = async (patience?: number) =>
		(await target.present(presentation(), { patience })).outcome;
	expect([await ask(), await ask(10)]).toEqual(["hung", "accepted"]);
});

test("a program that reads slowly is not written to without end", async () => {
	const target = open(
		`${JUDGE} process.stdin.pause(); setTimeout(() => process.stdin.resume(), 100);`,
	);
	const large = "a".repeat(1_048_576);
	const answers = await Promise.all(
		Array.from({ length: 20 }, () => target.present(presentation(large))),
	);
	expect(answers.map(({ outcome }) => outcome)).toEqual(
		Array(20).fill("accepted"),
	);
});

test("a detail is safe", async () => {
	const target = open(
		`const answer = ({ id, token }) => say({ id, accepted: token === "good", detail: "\\u001b[31m" + token + "\\u202e " + "long ".repeat(1000) })`,
	);
	const { outcome, detail } = await target.present(presentation());
	expect(outcome).toBe("rejected");
	expect(detail).toMatch(/^\ufffd\[31meyJhbGciOiJS…\ufffd long /);
	expect(detail.length).toBe(300);
	expect((await target.present(presentation("good"))).outcome).toBe("accepted");
});

test("a line may be sent in pieces, with CRLF, and blank lines between", async () => {
	const target = open(
		`const answer = ({ id, token }) => { say("\\r\\n\\n{\\"id\\":" + id); setImmediate(() => say(",\\"accepted\\":" + (token !== "bad") + "}\\r\\n\\n")) }`,
	);
	expect((await target.present(presentation("bad"))).outcome).toBe("rejected");
	expect((await target.present(presentation())).outcome).toBe("accepted");
});
