// A relying party that is a program, run once: a JSON line in for each token, a JSON line out.

import type { Answer } from "../../verdict/answer.js";
import { commandText } from "../process-group.js";
import type { Command } from "./config.js";
import { detailOf, echoOf, secondsSince } from "./detail.js";
import {
	type LineProcess,
	type LineProcessOptions,
	startLineProcess,
} from "./line-process.js";
import type { Presentation, PresentOptions, Target } from "./target.js";

const RESTARTS = 20;

export interface LinesTargetOptions extends LineProcessOptions {
	/** how often the program is started again after its end; default 20 */
	restarts?: number | undefined;
}

/**
 * Hands `{"id":1,"token":"…","issuer":"…","audience":"…","scenario":"…"}` to `command`, several at
 * once, and takes `{"id":1,"accepted":true,"detail":"…"}` or `{"id":1,"error":"…"}`, in any order.
 * It starts with the first token. A program that ends has crashed on the tokens that it had, and is started
 * again for the next; so is one that was silent for as long as an answer may take.
 */
export function linesTarget(
	command: Command,
	{ restarts = RESTARTS, ...more }: LinesTargetOptions,
): Target {
	const running = new Set<LineProcess>();
	let current: LineProcess | undefined;
	let starts = 0;
	let isClosed = false;

	function usable(first: Presentation): LineProcess | undefined {
		if (isClosed) return undefined;
		if (current?.isUsable()) return current;
		if (starts > restarts) return undefined;
		starts += 1;
		const started = startLineProcess(command, first, more);
		running.add(started);
		void started.ended.then(() => running.delete(started));
		current = started;
		return started;
	}

	function refusalOf(): string {
		if (isClosed) return "the target is closed";
		const often = `the program ended or was stuck too often: it was started again ${restarts} times`;
		const end = current?.exit();
		const said = current?.output() ?? "";
		if (end === undefined) return often;
		return `${often}, and ended at last with ${end}${said === "" ? "" : `: ${said}`}`;
	}

	async function present(
		presentation: Presentation,
		options: PresentOptions = {},
	): Promise<Answer> {
		const begun = performance.now();
		const program = usable(presentation);
		const { outcome, text } = program
			? await program.ask(presentation, options)
			: { outcome: "crashed" as const, text: refusalOf() };
		return {
			outcome,
			detail: detailOf(text, presentation.token),
			duration: secondsSince(begun),
			...echoOf(text, presentation.token),
		};
	}

	return {
		description: `lines: ${commandText(command)}`,
		present,
		exit: () => current?.exit(),
		output: () => current?.output() ?? "",
		async close() {
			isClosed = true;
			await Promise.all([...running].map((program) => program.stop()));
		},
	};
}
