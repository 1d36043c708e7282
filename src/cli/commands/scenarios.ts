// scenarios: lists the catalogue, shows one, or checks a folder of one's own.
import { stat } from "node:fs/promises";
import { Command, Option } from "commander";
import { MockError } from "../../errors.js";
import { nearest } from "../../nearest.js";
import { printable } from "../../safe-text.js";
import { FAMILIES } from "../../scenario/families.js";
import type { Scenario } from "../../scenario/schema.js";
import { IMPACTS, impactOf, LEVELS, levelOf } from "../../scenario/severity.js";
import { RULE_IDS } from "../../token/rules.js";
import { EXIT, type Io, painter, widthOf, writeJson } from "../io.js";
import { jsonOption, scenariosOption } from "../options.js";
import { scenariosNewCommand } from "./scenarios-new.js";

const VERDICTS = ["accept", "reject", "policy", "either"];

/** Which scenarios are listed; what is left out does not matter. */
interface Filter {
	family?: string;
	rule?: string;
	level?: string;
	impact?: string;
	expect?: string;
	text?: string;
}

interface ScenariosOptions extends Filter {
	scenarios?: string[];
	lint?: string;
	json?: boolean;
}

export function scenariosCommand(
	io: Io,
	exit: (code: number) => void,
): Command {
	return new Command("scenarios")
		.description("list the scenarios, or show one")
		.argument("[scenario]", "the scenario's id, or the last part of it")
		.addOption(
			new Option(
				"--lint <dir>",
				"check the scenario files of a folder; exit code 1 if one is wrong",
			),
		)
		.option(
			"--family <name>",
			`only those of a family: ${Object.keys(FAMILIES).join(", ")}, or one of your own`,
		)
		.addOption(new Option("--rule <rule>", "only those").choices(RULE_IDS))
		.addOption(new Option("--level <level>", "only those").choices(LEVELS))
		.addOption(new Option("--impact <impact>", "only those").choices(IMPACTS))
		.addOption(new Option("--expect <verdict>", "only those").choices(VERDICTS))
		.option(
			"--text <text>",
			"only those whose id, title, why or spec contains it",
		)
		.addOption(jsonOption())
		.addOption(scenariosOption())
		.addCommand(scenariosNewCommand(io, exit))
		.action(async (scenario: string | undefined, options: ScenariosOptions) =>
			exit(await scenarios(scenario, options, io)),
		);
}

async function scenarios(
	name: string | undefined,
	options: ScenariosOptions,
	io: Io,
): Promise<number> {
	if (options.lint !== undefined) return lint(options.lint, options, io);
	const { BUILT_IN, loadCatalogue } = await import(
		"../../scenario/catalogue.js"
	);
	const { problemLine } = await import("../../scenario/problem.js");
	const catalogue = await loadCatalogue([
		BUILT_IN,
		...(options.scenarios ?? []),
	]);
	for (const problem of catalogue.problems())
		io.stderr.write(`${printable(problemLine(problem))}\n`);
	if (name !== undefined) return show(catalogue.find(name), options, io);
	checkFamily(catalogue.all(), options.family);
	const listed = catalogue.all().filter((scenario) => fits(scenario, options));
	if (options.json) writeJson(io.stdout, listed.map(withoutFile));
	else io.stdout.write(table(listed, io));
	return EXIT.fine;
}

/** @throws MockError `invalid_option` with the nearest one */
function checkFamily(
	all: readonly Scenario[],
	family: string | undefined,
): void {
	const families = new Set(all.map(({ id }) => id.split("/")[0] as string));
	if (family === undefined || families.has(family)) return;
	const near = nearest(family, families);
	throw new MockError(
		"invalid_option",
		`--family: there is no ${printable(family)}; ${near.length > 0 ? `nearest: ${near.join(", ")}` : `there are ${[...families].join(", ")}`}`,
	);
}

function fits(scenario: Scenario, filter: Filter): boolean {
	const { id, title, expect, rule, why, spec, seen = [] } = scenario;
	const words = [id, title, why, ...spec, ...seen].join("\n").toLowerCase();
	return (
		(filter.family === undefined || id.startsWith(`${filter.family}/`)) &&
		(filter.rule === undefined || rule === filter.rule) &&
		(filter.level === undefined || levelOf(scenario) === filter.level) &&
		(filter.impact === undefined || impactOf(scenario) === filter.impact) &&
		(filter.expect === undefined || expect === filter.expect) &&
		(filter.text === undefined || words.includes(filter.text.toLowerCase()))
	);
}

const withoutFile = ({ file: _, ...scenario }: Scenario) => scenario;

function table(all: readonly Scenario[], io: Io): string {
	const paint = painter(io.stdout, io.env);
	const width = Math.max(...all.map(({ id }) => id.length));
	const rules = Math.max(...all.map(({ rule = "" }) => rule.length));
	// A title that would be broken by the terminal is cut; in a pipe, and by its id, it is whole.
	const before = width + 2 + 6 + 2 + rules + 2;
	const room = io.stdout.isTTY
		? Math.max(widthOf(io.stdout) - before, 20)
		: Number.POSITIVE_INFINITY;
	const colour = {
		accept: "green",
		either: "yellow",
		policy: "cyan",
		reject: "red",
	} as const;
	return all
		.map(({ id, expect, rule, title }) => {
			const verdict = expect.padEnd(6);
			return `${id.padEnd(width)}  ${paint(colour[expect], verdict)}  ${(rule ?? "").padEnd(rules)}  ${cut(printable(title), room)}\n`;
		})
		.join("");
}

const cut = (text: string, room: number): string =>
	text.length > room ? `${text.slice(0, room - 1)}…` : text;

async function show(
	scenario: Scenario,
	options: ScenariosOptions,
	io: Io,
): Promise<number> {
	if (options.json) writeJson(io.stdout, withoutFile(scenario));
	else {
		const { readScenarioText } = await import("../../scenario/built-in.js");
		io.stdout.write(
			`# ${scenario.id}\n${printable(await readScenarioText(scenario.file))}`,
		);
	}
	return EXIT.fine;
}

async function lint(
	folder: string,
	options: ScenariosOptions,
	io: Io,
): Promise<number> {
	const found = await stat(folder).catch(() => undefined);
	if (!found?.isDirectory())
		throw new MockError("invalid_option", `there is no folder ${folder}`);
	const { loadCatalogue } = await import("../../scenario/catalogue.js");
	const { problemLine } = await import("../../scenario/problem.js");
	const catalogue = await loadCatalogue([folder]);
	const problems = catalogue.problems();
	const count = catalogue.all().length;
	if (options.json) {
		writeJson(io.stdout, { scenarios: count, problems });
	} else if (problems.length > 0) {
		io.stdout.write(
			`${problems.map((problem) => printable(problemLine(problem))).join("\n")}\n`,
		);
	} else {
		io.stdout.write(`${count} scenarios, no problems\n`);
	}
	if (problems.length > 0) return EXIT.failed;
	if (count === 0)
		throw new MockError(
			"invalid_option",
			`there are no scenario files (.yaml) in ${folder}`,
		);
	return EXIT.fine;
}
