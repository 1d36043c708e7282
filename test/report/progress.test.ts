// The progress line, on a terminal and elsewhere.
import { expect, test } from "vitest";
import {
	createProgress,
	type ProgressStream,
} from "../../src/report/progress.js";

function stream(more: Partial<ProgressStream> = {}) {
	const written: string[] = [];
	return {
		written,
		write: (text: string) => written.push(text),
		...more,
	};
}

const state = { done: 7, total: 312, current: "time/expired", findings: 1 };

test("stands in one place, and goes away", () => {
	const output = stream({ isTTY: true, columns: 80 });
	const progress = createProgress(output);
	progress.show(state);
	progress.show({ ...state, done: 312, current: "probe/leeway", findings: 2 });
	progress.erase();
	expect(output.written).toEqual([
		"\r\u001b[K  7/312  1 finding  time/expired",
		"\r\u001b[K312/312  2 findings  probe/leeway",
		"\r\u001b[K",
	]);
});

test("is erased only where it stands", () => {
	const output = stream({ isTTY: true });
	const progress = createProgress(output);
	progress.erase();
	progress.show({ ...state, findings: 0 });
	progress.erase();
	progress.erase();
	expect(output.written).toEqual([
		"\r\u001b[K  7/312  no findings  time/expired",
		"\r\u001b[K",
	]);
});

test.for([{}, { isTTY: false }])("writes nothing to %o", (more) => {
	const output = stream(more);
	const progress = createProgress(output);
	progress.show(state);
	progress.erase();
	expect(output.written).toEqual([]);
});

test("never fills the last column, and lets no control character through", () => {
	const output = stream({ isTTY: true, columns: 30 });
	createProgress(output).show({
		...state,
		current: "大小\u001b[2J/\n".repeat(9),
	});
	expect(output.written).toEqual([
		"\r\u001b[K  7/312  1 finding  大小\ufffd[2J/",
	]);
});
