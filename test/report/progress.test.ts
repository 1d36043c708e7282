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

test("says what it waits for, for as long as it does", () => {
	const output = stream({ isTTY: true, columns: 80 });
	const progress = createProgress(output);
	progress.show({ ...state, waiting: ["probe/rotation", "probe/outage"] });
	progress.show({ ...state, waiting: [] });
	expect(output.written).toEqual([
		"\r\u001b[K  7/312  1 finding  waits for probe/rotation, probe/outage",
		"\r\u001b[K  7/312  1 finding  time/expired",
	]);
});

test.for([
	["in CI", { CI: "true" }, false],
	["in CI with a terminal", { CI: "1" }, true],
	["on a terminal that cannot go back", { TERM: "dumb" }, true],
] as const)("writes whole lines now and then %s", ([, env, isTTY]) => {
	const output = stream({ isTTY });
	let time = 0;
	const progress = createProgress(output, { env, now: () => time });
	for (const done of [0, 4, 8, 10, 12, 25]) {
		time = done * 1000;
		progress.show({ ...state, done });
	}
	progress.erase();
	expect(output.written).toEqual(
		[0, 10, 25].map((done) => `${done}/312  1 finding  time/expired\n`),
	);
});

test.for([{ CI: "false" }, { CI: "" }, { TERM: "dumb" }])(
	"writes nothing to a file with %o",
	(env) => {
		const output = stream();
		createProgress(output, { env }).show(state);
		expect(output.written).toEqual([]);
	},
);
