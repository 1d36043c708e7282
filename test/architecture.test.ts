// How the source hangs together: imports point one way, nothing goes round, files stay small.
import { describe, expect, test } from "vitest";
import { partOf, sourcesOfSrc } from "../scripts/imports.mjs";

type Source = ReturnType<typeof sourcesOfSrc>[number];

const sources = sourcesOfSrc();
const byPath = new Map(sources.map((source) => [source.path, source]));

// What each part may import, besides itself. Siblings do not know each other.
const BASE = [
	"errors",
	"clock",
	"version",
	"yaml-depth",
	"safe-text",
	"regexp-literal",
	"shell-word",
	"json-object",
	"nearest",
	"text-file",
	"option-names",
	"in-turn",
];
const CORE = ["gitlab", "token", ...BASE];
const FILES = ["scenario", "ci-config", ...CORE];
const CHECK = [
	"check",
	"report",
	"presets",
	"relying-party",
	"verdict",
	...FILES,
];
const MAY_IMPORT: Record<string, readonly string[]> = {
	errors: [],
	clock: ["errors"],
	version: [],
	"yaml-depth": [],
	"safe-text": [],
	"regexp-literal": [],
	"shell-word": [],
	"json-object": [],
	nearest: [],
	"text-file": ["errors"],
	"option-names": ["errors", "nearest", "safe-text"],
	"in-turn": [],
	"http-exchange": ["in-turn"],
	"server-client": ["http-exchange", "in-turn", "safe-text", "errors"],
	gitlab: BASE,
	token: BASE,
	scenario: CORE,
	"ci-config": CORE,
	server: FILES,
	verdict: FILES,
	report: ["verdict", ...FILES],
	"relying-party": ["verdict", ...FILES],
	presets: ["relying-party", "verdict", ...FILES],
	check: ["relying-party", "verdict", ...FILES],
	// Joins the issuer and a run, which do not know each other.
	harness: ["server", "server-client", ...CHECK],
	cli: ["harness", "server", "server-client", ...CHECK],
	// What others import: the library, and its fixture for vitest.
	index: ["harness", "server", ...CHECK],
	vitest: ["harness", "server", ...CHECK],
};

describe("imports", () => {
	test("are found", () => {
		expect(sources.length).toBeGreaterThan(40);
		const count = sources.flatMap(({ imports }) => imports).length;
		expect(count).toBeGreaterThan(sources.length);
		expect(byPath.get("scenario/mint.ts")?.imports).toEqual(
			expect.arrayContaining([
				"clock.ts", // types only
				"token/make.ts",
				"scenario/compile.ts",
			]),
		);
	});

	test.for(sources)("of $path point one way", ({ part, imports }) => {
		expect(Object.keys(MAY_IMPORT)).toContain(part);
		const allowed = [part, ...(MAY_IMPORT[part] ?? [])];
		const wrong = imports.filter((target) => !allowed.includes(partOf(target)));
		expect(wrong).toEqual([]);
	});

	test.for(sources)("of $path are of files that are there", ({ imports }) => {
		expect(imports.filter((target) => !byPath.has(target))).toEqual([]);
	});

	// The command has the loader of Node; whoever has the library may have another, which breaks at two at once.
	test("that come later come in turn", () => {
		const wrong = sources.filter(({ part, lines }) => {
			const text = lines.join("\n");
			const all = text.match(/(?:await|=>|[(?:]) *import\(/g) ?? [];
			const inTurn = text.match(/\binTurn\(\s*\(\) => import\(/g) ?? [];
			return part !== "cli" && all.length !== inTurn.length;
		});
		expect(wrong.map(({ path }) => path)).toEqual([]);
	});

	test("never go round", () => {
		const done = new Set<string>();
		const circles: string[] = [];
		const visit = (path: string, above: readonly string[]) => {
			if (above.includes(path)) {
				circles.push([...above.slice(above.indexOf(path)), path].join(" → "));
			} else if (!done.has(path)) {
				for (const target of byPath.get(path)?.imports ?? []) {
					visit(target, [...above, path]);
				}
				done.add(path);
			}
		};
		for (const { path } of sources) visit(path, []);
		expect(circles).toEqual([]);
	});
});

/** Lines that are not blank and not comment alone. */
const codeLines = ({ lines }: Source) =>
	lines.filter((line) => !/^\s*($|\/\/|\/?\*)/.test(line)).length;

describe("files", () => {
	test.for(sources)(
		"$path begins with a comment on its one job",
		({ lines }) => {
			const [first, second] = lines;
			expect(first?.startsWith("#!") ? second : first).toMatch(/^\/\/ \S.{15}/);
		},
	);

	test.for(sources)("$path is short, or says why it is long", (source) => {
		if (codeLines(source) > 200) {
			expect(source.lines[0]).toMatch(/\blong\b|\bGenerated\b/);
		}
	});

	test("are at most 80 lines of code in the median", () => {
		const counts = sources.map(codeLines).sort((a, b) => a - b);
		expect(counts[Math.floor(counts.length / 2)]).toBeLessThanOrEqual(80);
	});
});
