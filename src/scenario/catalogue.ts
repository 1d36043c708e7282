// The scenarios of one or more folders: found by name, reread when a file changes.
import { readdir } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { MockError, messageOf } from "../errors.js";
import { inTurn } from "../in-turn.js";
import { nearest } from "../nearest.js";
import { isMissing, readTextFile } from "../text-file.js";
import { BUILT_IN, readBundle } from "./built-in.js";
import { formatNearId, parseNearId } from "./near/id.js";
import { isTemplate, takesNoClaim } from "./near/template.js";
import { fileProblem, type Problem } from "./problem.js";
import type { Scenario } from "./schema.js";

export { BUILT_IN };

const ENDING = /\.ya?ml$/;

/** Whether a file's name is that of a scenario. */
export const isScenarioFile = (file: string): boolean => ENDING.test(file);

/** Scenarios by id. A folder's files win over those of the folders before it. */
export interface Catalogue {
	/** every scenario, by id in alphabetical order */
	all(): Scenario[];
	/**
	 * The scenario with this id, or with this last segment where only one has it. A near miss has its file's text.
	 * @throws MockError `unknown_scenario`, with the nearest names
	 */
	find(name: string): Scenario;
	/** what is wrong with the files now; the last good text of a scenario stays in use */
	problems(): Problem[];
	/** ids of scenarios that took another folder's place */
	overriding(): string[];
	/** Reads one file anew, or forgets it if it is gone. */
	refresh(folder: string, file: string): Promise<void>;
	/** the folders, the winning one last */
	readonly folders: readonly string[];
}

/** The ids by their last part, by which they can be asked for. */
function idsBySegment(
	scenarios: ReadonlyMap<string, Scenario>,
): Map<string, string[]> {
	const ids = new Map<string, string[]>();
	for (const [id, { near }] of scenarios) {
		if (near) continue; // its token needs a claim, and so its whole name
		const segment = lastSegment(id);
		ids.set(segment, [...(ids.get(segment) ?? []), id]);
	}
	return ids;
}

/**
 * Reads every `.yaml` file in `folders`.
 * @throws MockError `file` where a folder cannot be read; files that are no scenarios are `problems()`
 */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: its functions share the folders that were read
export async function loadCatalogue(
	folders: readonly string[],
): Promise<Catalogue> {
	const layers = folders.map(() => new Map<string, Scenario>());
	const problems = new Map<string, Problem[]>();
	let merged: Map<string, Scenario> | undefined;
	let bySegment = new Map<string, string[]>();

	let turn: Promise<void> = Promise.resolve(); // what is read last was read last
	const refresh = (folder: string, file: string) => {
		turn = turn.then(async () => {
			if (!isScenarioFile(file)) return;
			take(folder, file, await readFileAt(folder, file));
			const twin = twinOf(file);
			if (problems.has(twin))
				take(folder, twin, await readFileAt(folder, twin));
		});
		return turn;
	};

	const take = (folder: string, file: string, read: Read) => {
		const layer = layers[folders.indexOf(folder)];
		if (!layer) return;
		const id = idOf(folder, file);
		merged = undefined;
		problems.delete(file);
		const other = layer.get(id)?.file ?? file; // a.yaml and a.yml have one id: twins
		if (Array.isArray(read)) {
			problems.set(file, read);
		} else if (read === undefined) {
			if (other === file) layer.delete(id);
		} else if (other === file) {
			layer.set(id, read);
		} else {
			problems.set(file, [fileProblem(file, `has the same id as ${other}`)]);
		}
	};

	const scenarios = (): Map<string, Scenario> => {
		if (merged) return merged;
		const entries = layers.flatMap((layer) => [...layer]);
		merged = new Map(entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
		bySegment = idsBySegment(merged);
		return merged;
	};

	for (const [index, folder] of folders.entries()) {
		const bundled = folder === BUILT_IN ? await bundledScenarios() : undefined;
		if (bundled) layers[index] = bundled;
		else await readFolder(folder, take);
	}

	return {
		folders,
		refresh,
		all: () => [...scenarios().values()],
		problems: () => [...problems.values()].flat(),
		overriding: () =>
			layers.flatMap((layer, index) =>
				[...layer.keys()].filter((id) =>
					layers.slice(0, index).some((below) => below.has(id)),
				),
			),
		find,
	};

	function find(name: string): Scenario {
		const near = parseNearId(name);
		if (!near) return findFile(name);
		const template = findFile(near.file);
		if (!isTemplate(template)) throw takesNoClaim(template.id);
		return { ...template, id: formatNearId({ ...near, file: template.id }) };
	}

	function findFile(name: string): Scenario {
		const all = scenarios();
		const ids = bySegment.get(name) ?? [];
		const scenario =
			all.get(name) ??
			(ids.length === 1 ? all.get(ids[0] as string) : undefined);
		if (scenario) return scenario;
		throw new MockError(
			"unknown_scenario",
			ids.length > 1
				? `"${name}" names several scenarios: ${ids.join(", ")}`
				: `there is no scenario "${shorten(name)}"; ${nearestText(name, [...all.keys()])}`,
		);
	}
}

/** The bundled scenarios; undefined where there is no bundle, as in a source tree. */
async function bundledScenarios(): Promise<Map<string, Scenario> | undefined> {
	const text = await readBundle();
	if (text === undefined) return undefined;
	const bundled = JSON.parse(text) as Scenario[];
	return new Map(
		bundled.map((scenario) => [
			scenario.id,
			{ ...scenario, file: join(BUILT_IN, scenario.file) },
		]),
	);
}

const idOf = (folder: string, file: string) =>
	relative(folder, file).split(sep).join("/").replace(ENDING, "");

/** The other file of the same id: a.yml beside a.yaml. */
const twinOf = (file: string) =>
	file.replace(ENDING, (ending) => (ending === ".yml" ? ".yaml" : ".yml"));

const lastSegment = (id: string) => id.slice(id.lastIndexOf("/") + 1);

const shorten = (name: string) =>
	name.length > 80 ? `${name.slice(0, 80)}…` : name;

/** A scenario, what is wrong with its file, or nothing where it is gone. */
type Read = Scenario | Problem[] | undefined;

const AT_ONCE = 64; // files that are read while others are parsed

/** Reads every file of a folder, and hands each over in the order of their names. */
async function readFolder(
	folder: string,
	take: (folder: string, file: string, read: Read) => void,
): Promise<void> {
	const files = await filesIn(folder);
	for (let start = 0; start < files.length; start += AT_ONCE) {
		const some = files.slice(start, start + AT_ONCE);
		const read = await Promise.all(
			some.map((file) => readFileAt(folder, file)),
		);
		for (const [index, file] of some.entries()) take(folder, file, read[index]);
	}
}

async function readFileAt(folder: string, file: string): Promise<Read> {
	// Not with the built-in scenarios, which were checked before: YAML and the schema take longer to load than to start.
	const reader = await inTurn(() => import("./read.js"));
	try {
		const text = await readTextFile(file, { largest: reader.LARGEST_FILE });
		return reader.readScenario(idOf(folder, file), file, text);
	} catch (error) {
		if (isMissing(error)) return undefined;
		const { code, cause } = error as MockError;
		return code === "too_large"
			? [reader.tooLargeScenario(file)]
			: [fileProblem(file, messageOf(cause))];
	}
}

async function filesIn(folder: string): Promise<string[]> {
	const entries = await readdir(folder, {
		recursive: true,
		withFileTypes: true,
	}).catch((error) => {
		throw new MockError(
			"file",
			`cannot read the scenario folder ${folder}: ${messageOf(error)}`,
			{ cause: error },
		);
	});
	return entries
		.filter((entry) => !entry.isDirectory() && isScenarioFile(entry.name))
		.map((entry) => join(entry.parentPath, entry.name))
		.sort();
}

/** A short name is compared with last segments, so that "expird" finds time/expired. */
function nearestText(name: string, ids: readonly string[]): string {
	if (ids.length === 0) return "the catalogue is empty";
	const near = nearest(name, ids, name.includes("/") ? undefined : lastSegment);
	return near.length === 0
		? "list them with: gitlab-oidc-mock scenarios"
		: `nearest: ${near.join(", ")}`;
}
