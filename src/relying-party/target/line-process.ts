// One run of a program that reads a token a line and answers a line a token, in any order.

import type { Writable } from "node:stream";
import { keepTail, safeLines } from "../kept-output.js";
import { readLines } from "../line-reader.js";
import { endText, startProcess } from "../process-group.js";
import { environmentOf } from "./command.js";
import type { Command } from "./config.js";
import { type LineVerdict, readReply } from "./line-reply.js";
import type { Presentation, PresentOptions } from "./target.js";

const LONGEST_LINE = 1_048_576; // bytes
const KEPT = 4096; // bytes of stderr
const GRACE = 3; // seconds
/** A program that says so many things that are no answers floods us. */
const MOST_GARBAGE = 100;

export interface LineProcessOptions {
	/** seconds for one answer */
	timeout: number;
	cwd?: string | undefined;
	/** beside the environment of this process */
	env?: Readonly<Record<string, string>> | undefined;
}

/** A program that runs. */
export interface LineProcess {
	/** Whether another token may be given to it: not after its end, and not while it is stuck. */
	isUsable(): boolean;
	ask(
		presentation: Presentation,
		options?: PresentOptions,
	): Promise<LineVerdict>;
	/** How it ended, where it has: `exit 1`, `ended by SIGSEGV`. */
	exit(): string | undefined;
	/** what it printed last on standard error, safe to print */
	output(): string;
	readonly ended: Promise<unknown>;
	stop(): Promise<void>;
}

/** Starts the program. Its environment names the issuer and the audience of `first`. */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: its functions share the state of one process
export function startLineProcess(
	command: Command,
	first: Presentation,
	{ timeout, cwd, env }: LineProcessOptions,
): LineProcess {
	const program = startProcess(command, {
		stdio: ["pipe", "pipe", "pipe"],
		env: { ...environmentOf(first), ...env },
		cwd,
	});
	const { stdin, stdout, stderr } = program.child;
	const waiting = new Map<number, (verdict: LineVerdict) => void>();
	let isUsable = true;
	let last = 0; // id
	let heard = 0; // answers
	let garbage = 0;
	let ending: string | undefined;

	const settle = (id: number, verdict: LineVerdict) => {
		const give = waiting.get(id);
		waiting.delete(id);
		give?.(verdict);
		if (!isUsable && waiting.size === 0) program.kill();
	};
	const settleAll = (verdict: LineVerdict) => {
		for (const id of [...waiting.keys()]) settle(id, verdict);
	};
	const hear = (line: string) => {
		const reply = readReply(line, last);
		if ("lacks" in reply) {
			garbage += 1;
			if (garbage >= MOST_GARBAGE) isUsable = false;
			const what = `a line that is no answer${reply.lacks && ` (${reply.lacks})`}`;
			settleAll({ outcome: "broken", text: `printed ${what}: ${line}` });
			return;
		}
		heard += 1;
		settle(reply.id, reply); // one that nobody waits for any more came too late
	};
	stdin?.on("error", () => undefined); // its end is seen as such
	if (stdout) readLines(stdout, LONGEST_LINE, hear);
	const words = stderr ? keepTail([stderr], KEPT) : () => "";
	const ended = program.ended.then((end) => {
		isUsable = false;
		ending = endText(end);
		const said = words().trim();
		const how = `the program ended: ${ending}`;
		settleAll({
			outcome: "crashed",
			text: said === "" ? how : `${how}: ${said}`,
		});
	});

	const write = lineWriter(stdin);
	return {
		isUsable: () => isUsable,
		ask({ token, issuer, audience, scenario }, { patience = 0 } = {}) {
			last += 1;
			const id = last;
			const heardBefore = heard;
			const limit = timeout + patience;
			return new Promise((resolve) => {
				const timer = setTimeout(() => {
					// Silent all the time: it is stuck, and the next token shall not wait for it.
					if (heard === heardBefore) isUsable = false;
					const text = `no answer within ${limit} s`;
					settle(id, { outcome: "hung", text });
				}, limit * 1000);
				waiting.set(id, (verdict) => {
					clearTimeout(timer);
					resolve(verdict);
				});
				const question = { id, token, issuer, audience, scenario };
				void write(`${JSON.stringify(question)}\n`, () => waiting.has(id));
			});
		},
		exit: () => ending,
		output: safeLines(words),
		ended,
		async stop() {
			stdin?.end();
			await program.stop(GRACE);
			await ended;
		},
	};
}

/** Writes lines, and holds them back while the program reads slower than it is written to. */
function lineWriter(stdin: Writable | null) {
	let blocked: (() => void)[] = [];
	const unblock = () => {
		const all = blocked;
		blocked = [];
		for (const go of all) go();
	};
	stdin?.on("drain", unblock).once("close", unblock);
	/** @param isWanted whether it still is when its turn has come */
	return async (line: string, isWanted: () => boolean): Promise<void> => {
		while (stdin?.writableNeedDrain && !stdin.destroyed) {
			await new Promise<void>((resolve) => blocked.push(resolve));
		}
		if (isWanted() && stdin?.writable) stdin.write(line);
	};
}
