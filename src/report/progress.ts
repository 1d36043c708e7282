// How far a run is: one line in place on a terminal, a whole line now and then in CI, and nothing anywhere else.
import { safeText } from "../safe-text.js";
import { columnsOf } from "./wrap.js";

/** Where it goes, such as standard error. */
export interface ProgressStream {
	write(text: string): unknown;
	isTTY?: boolean;
	columns?: number;
}

/** What is around it. */
interface Around {
	env?: Readonly<Record<string, string | undefined>>;
	/** milliseconds, of a clock that only goes forward */
	now?: () => number;
}

/** How far a run is. */
interface ProgressState {
	/** checks that are through */
	done: number;
	/** checks in all */
	total: number;
	/** the scenario or probe that is done */
	current: string;
	/** what takes its time */
	waiting?: readonly string[];
	/** findings so far */
	findings: number;
}

export interface Progress {
	/** tells it anew */
	show(state: ProgressState): void;
	/** takes the line away, before something else is written and at the end */
	erase(): void;
}

const ERASE = "\r\u001b[K";
const COLUMNS = 80;
/** Between two whole lines. */
const OFTEN = 10_000; // milliseconds

/** Tells on `stream`: in place where it is a terminal that can do so, in whole lines in CI. */
export function createProgress(
	stream: ProgressStream,
	{ env = {}, now = () => performance.now() }: Around = {},
): Progress {
	const inCi = !["", "0", "false"].includes(env.CI?.toLowerCase() ?? "");
	if (inCi || (stream.isTTY === true && env.TERM === "dumb"))
		return wholeLines(stream, now);
	if (stream.isTTY === true) return oneLine(stream);
	return { show() {}, erase() {} };
}

function oneLine(stream: ProgressStream): Progress {
	let shown = false;
	return {
		show(state) {
			shown = true;
			const columns = stream.columns || COLUMNS;
			// The last column stays free: a terminal that wraps there keeps half of the line for good.
			stream.write(ERASE + fitted(progressLine(state), columns - 1));
		},
		erase() {
			if (shown) stream.write(ERASE);
			shown = false;
		},
	};
}

function wholeLines(stream: ProgressStream, now: () => number): Progress {
	let next = now();
	return {
		show(state) {
			if (now() < next) return;
			next = now() + OFTEN;
			stream.write(`${progressLine(state).trimStart()}\n`);
		},
		erase() {},
	};
}

const LONGEST = 200;

function progressLine(state: ProgressState): string {
	const { done, total, current, waiting = [], findings } = state;
	const found =
		findings === 0
			? "no findings"
			: `${findings} ${findings === 1 ? "finding" : "findings"}`;
	const count = String(done).padStart(String(total).length);
	const what = waiting.length > 0 ? `waits for ${waiting.join(", ")}` : current;
	return `${count}/${total}  ${found}  ${safeText(what, LONGEST)}`;
}

function fitted(line: string, columns: number): string {
	let text = "";
	let taken = 0;
	for (const character of line) {
		taken += columnsOf(character);
		if (taken > columns) break;
		text += character;
	}
	return text;
}
