// The report on a terminal, word for word: what changes here changes what users read.
import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import { painter } from "../../src/cli/io.js";
import { renderMarkdown } from "../../src/report/markdown.js";
import { renderTerminal } from "../../src/report/terminal.js";
import { columnsOf } from "../../src/report/wrap.js";
import {
	CAUSE,
	fineResult,
	hostileResult,
	sampleResult,
	voidResult,
} from "./sample.js";

test("a result with everything", async () => {
	await expect(renderTerminal(sampleResult())).toMatchFileSnapshot(
		"snapshots/terminal.txt",
	);
});

test("a run that proves nothing says so first and last", async () => {
	const text = renderTerminal(voidResult());
	await expect(text).toMatchFileSnapshot("snapshots/terminal-void.txt");
	const verdict = "PROVES NOTHING: The honest token was refused";
	expect(text.indexOf(verdict)).toBeLessThan(600);
	expect(text.lastIndexOf(verdict)).toBeGreaterThan(600);
});

test("a run that proves nothing says why once, where the report is short", () => {
	const { reason } = voidResult();
	const nothing = { scenarios: [], probes: [], notes: [] };
	for (const brief of [true, false]) {
		const text = renderTerminal({ ...voidResult(), ...nothing }, { brief });
		expect(text.toLowerCase().split(reason ?? "-")).toHaveLength(2);
		expect(text).not.toContain("Inconclusive");
	}
});

test("a result in which all is well ends with that", () => {
	expect(renderTerminal(fineResult()).trimEnd().split("\n").at(-1)).toBe(
		"PASSED: No finding in 5 checks fails the run.",
	);
});

describe("causes", () => {
	const result = sampleResult({
		causes: [
			CAUSE,
			{
				...CAUSE,
				id: "b",
				fails: false,
				sentence: "It is strict.",
				findings: ["x"],
			},
		],
	});

	test("come first, with what they mean and an example", () => {
		const text = renderTerminal(result, { brief: true, width: 80 });
		expect(text).toContain("What is wrong: 1 cause, shown by ");
		expect(text).toMatch(
			/ 1\. alg: none is taken\.\n {4}Dangerous, forgery: 2 findings, such as algorithm\/none\n {4}means {2}Anyone gets in\.\n {4}do {5}Name RS256\.\n/,
		);
		expect(text).toContain("  - It is strict.");
		expect(text).not.toContain("DANGEROUS (");
		expect(text).toContain("\n\nAgain: gitlab-oidc-mock token algorithm/none");
		for (const line of text.split("\n"))
			expect(columnsOf(line)).toBeLessThan(81);
	});

	test("have a line of code where there is one", () => {
		const code = 'await jwtVerify(token, keys, { algorithms: ["RS256"] })';
		const [cause] = result.causes;
		const withCode = { ...result, causes: cause ? [{ ...cause, code }] : [] };
		expect(renderTerminal(withCode, { brief: true, width: 80 })).toMatch(
			/^ {4}do +Name RS256\.\n {4}write +await jwtVerify\(token, keys/m,
		);
		expect(renderMarkdown(withCode)).toContain(
			"- Write: `await jwtVerify(token",
		);
		expect(renderMarkdown(result)).not.toContain("Write:");
	});

	test("fit on the screen: the least bad get a line each", () => {
		const causes = Array.from({ length: 12 }, (_, index) => ({
			...CAUSE,
			id: `cause-${index}`,
			sentence: `Mistake ${index} is made.`,
		}));
		const linesAt = (rows?: number) =>
			renderTerminal(sampleResult({ causes, notes: [] }), {
				...{ brief: true, width: 80 },
				...(rows && { rows }),
			}).split("\n");
		const whole = (lines: string[]) =>
			lines.filter((line) => line.startsWith("    means")).length;
		for (const rows of [40, 50, 60]) {
			const lines = linesAt(rows);
			expect(lines.length).toBeLessThan(rows);
			expect(whole(lines)).toBeGreaterThan(0);
			expect(whole(lines)).toBeLessThan(12);
			for (const { sentence } of causes)
				expect(lines.join("\n")).toContain(sentence);
		}
		expect(whole(linesAt())).toBe(12);
	});

	test("leave nothing out where all is asked for", () => {
		const all = renderTerminal(result);
		expect(all.indexOf("alg: none is taken.")).toBeLessThan(
			all.indexOf("DANGEROUS ("),
		);
		expect(all).toContain("algorithm/none");
	});
});

describe("colours", () => {
	test("only by the painter", () => {
		const painted = renderTerminal(sampleResult(), {
			paint: (style, text) => `<${style}>${text}</${style}>`,
		});
		expect(painted).toContain("<red>algorithm/none</red>");
		expect(painted).toContain("<magenta>probe/rotation</magenta>");
		expect(painted.replace(/<\/?[a-z]+>/g, "")).toBe(
			renderTerminal(sampleResult()),
		);
	});
});

test("the painter of the command line is one", () => {
	const output = { write: () => true, isTTY: true };
	const colours = renderTerminal(sampleResult(), {
		paint: painter(output, {}),
	});
	expect(stripVTControlCharacters(colours)).toBe(
		renderTerminal(sampleResult()),
	);
	expect(colours).toContain("\u001b[31malgorithm/none\u001b[39m");
	expect(
		renderTerminal(sampleResult(), {
			paint: painter(output, { NO_COLOR: "1" }),
		}),
	).toBe(renderTerminal(sampleResult()));
});

describe("widths", () => {
	test.for([undefined, 0, 20, 60, 80, 100, 300])("of %s", (width) => {
		const text = renderTerminal(sampleResult(), {
			...(width !== undefined && { width }),
		});
		const most = Math.min(100, Math.max(60, width || 100));
		const wide = text
			.split("\n")
			.filter((line) => columnsOf(line) > most)
			// Commands are left as they are, to be copied.
			.filter((line) => !/^gitlab-oidc-mock token|^ {2}--/.test(line));
		expect(wide).toEqual([]);
	});

	test("hold for text from outside", () => {
		const { findings } = hostileResult();
		const text = renderTerminal({
			...hostileResult(),
			findings: findings.map((finding) => ({
				...finding,
				reproduce: null,
				token: null,
			})),
		});
		expect(Math.max(...text.split("\n").map(columnsOf))).toBeLessThanOrEqual(
			100,
		);
	});
});

test("findings come worst first, whatever their order", () => {
	const text = renderTerminal(sampleResult());
	expect(
		[...text.matchAll(/^ {2}\d .*\n {4}(\S+)$/gm)].map(([, id]) => id),
	).toEqual([
		"algorithm/none",
		"time/expired",
		"time/iat-in-future",
		"probe/rotation",
		"claims/unknown-claim-added",
		"key/kid-number",
	]);
});

test("of very many findings, one of each rule is shown in full", () => {
	const [finding] = sampleResult().findings;
	if (!finding) throw new Error("The sample has findings.");
	const findings = Array.from({ length: 120 }, (_, index) => ({
		...finding,
		id: `key/number-${index}`,
		kind: "dangerous" as const,
		rule: index % 2 ? "key" : "signature",
	}));
	const text = renderTerminal(sampleResult({ findings }));
	expect(text.match(/^ {4}expected/gm)).toHaveLength(2);
	for (const { id } of findings) expect(text).toContain(id);
});
