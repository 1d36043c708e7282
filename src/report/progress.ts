// One line that says how far a run is, in place on a terminal, and nothing anywhere else.
import { safeText } from "../safe-text.js";
import { columnsOf } from "./wrap.js";

/** Where the line goes; only a terminal gets one. */
export interface ProgressStream {
	write(text: string): unknown;
	isTTY?: boolean;
	columns?: number;
}

/** How far a run is. */
interface ProgressState {
	/** checks that are through */
	done: number;
	/** checks in all */
	total: number;
	/** the scenario or probe under way */
	current: string;
	/** findings so far */
	findings: number;
}

export interface Progress {
	/** writes the line anew */
	show(state: ProgressState): void;
	/** takes the line away, before something else is written and at the end */
	erase(): void;
}

const ERASE = "\r\u001b[K";
const COLUMNS = 80;

/** A progress line on `stream`, usually standard error. */
export function createProgress(stream: ProgressStream): Progress {
	let shown = false;
	if (stream.isTTY !== true) return { show() {}, erase() {} };
	return {
		show(state) {
			shown = true;
			stream.write(ERASE + progressLine(state, stream.columns || COLUMNS));
		},
		erase() {
			if (shown) stream.write(ERASE);
			shown = false;
		},
	};
}

function progressLine(state: ProgressState, columns: number): string {
	const { done, total, current, findings } = state;
	const found =
		findings === 0
			? "no findings"
			: `${findings} ${findings === 1 ? "finding" : "findings"}`;
	const count = String(done).padStart(String(total).length);
	const head = `${count}/${total}  ${found}  `;
	const line = head + safeText(current, 200);
	// The last column stays free: a terminal that wraps there keeps half of the line for good.
	return fitted(line, columns - 1);
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
