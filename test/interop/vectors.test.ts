// The harnesses of examples/vectors: each library's failures, by name, and that a harness that verifies nothing is seen.
import { readdirSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Vectors } from "../../src/index.js";
import { buildGo } from "./build-go.js";
import type { Later } from "./cases.js";
import { ignoresCrit } from "./debian-version.js";
import { makeFolder, start } from "./program.js";

const EXAMPLES = fileURLToPath(
	new URL("../../examples/vectors", import.meta.url),
);
const VECTORS = join(EXAMPLES, "vectors.json");
const at = (name: string) => join(EXAMPLES, name);

interface Harness {
	from: string;
	/** the program and its first arguments */
	command(home: string, later: Later): Promise<readonly string[]>;
	/** failures of an older package that is installed */
	older?: () => readonly string[];
}

/** By the name of its list of known failures. */
const HARNESSES: Record<string, Harness> = {
	"go-oidc": {
		from: "Debian's golang-go and golang-github-coreos-go-oidc-dev",
		command: async (home, later) => [
			await buildGo(at("go-oidc.go"), home, later),
		],
	},
	"google-oauth-client": {
		from: "Debian's default-jdk-headless and libgoogle-oauth-client-java",
		command: async () => [
			"/usr/bin/java",
			"-XX:TieredStopAtLevel=1", // it runs for a second or two
			"-cp",
			"/usr/share/java/*",
			at("GoogleIdToken.java"),
		],
	},
	pyjwt: {
		from: "Debian's python3-jwt and python3-cryptography",
		command: async () => ["/usr/bin/python3", at("pyjwt.py")],
		older: () =>
			ignoresCrit()
				? ["crit-not-a-list", "crit-null", "crit-unknown"].map(
						(name) => `accepted header/${name}`,
					)
				: [],
	},
	"ruby-jwt": {
		from: "Debian's ruby and ruby-jwt",
		command: async () => ["/usr/bin/ruby", at("ruby-jwt.rb")],
	},
};

const linesOf = (text: string) => text.split("\n").filter((line) => line);

const document: Vectors = JSON.parse(readFileSync(VECTORS, "utf8"));

/** The honest token where the forged one belongs, and the other way round: whoever verifies fails both. */
function swapped(): Vectors {
	const [forged, honest] = ["signature/flipped-bit", "valid/baseline"].map(
		(name) => document.vectors.find(({ id }) => id === name),
	);
	if (!forged || !honest) throw new Error("the twins are missing");
	const vectors = [
		{ ...forged, token: honest.token },
		{ ...honest, token: forged.token },
	];
	return { ...document, vectors };
}

describe.each(Object.entries(HARNESSES))("%s", (name, harness) => {
	const ends: Parameters<Later>[0][] = [];
	const later: Later = (end) => void ends.push(end);
	let home: string;
	let command: readonly string[];

	beforeAll(async () => {
		home = await makeFolder(later);
		command = await harness.command(home, later);
	});
	afterAll(async () => {
		for (const end of ends.reverse()) await end();
	});

	async function run(...files: string[]) {
		const [program = "", ...args] = command;
		const { from } = harness;
		const running = start(program, [...args, ...files], { from, home, later });
		const code = await running.exit();
		return { code, lines: linesOf(running.output()) };
	}

	test("fails what is listed, and nothing else", async () => {
		const listed = linesOf(readFileSync(at(`known/${name}.txt`), "utf8"));
		const older = harness.older?.() ?? [];
		const known = document.vectors
			.flatMap(({ id }) => [`accepted ${id}`, `refused ${id}`])
			.filter((line) => listed.includes(line) || older.includes(line));
		expect(known).toHaveLength(listed.length + older.length);
		const file = join(home, "known.txt");
		await writeFile(file, known.map((line) => `${line}\n`).join(""));
		expect(await run(VECTORS, file)).toEqual({ code: 0, lines: known });
	});

	test("is seen to verify: with the tokens of two vectors exchanged it fails both", async () => {
		const file = join(home, "swapped.json");
		await writeFile(file, JSON.stringify(swapped()));
		expect(await run(file)).toEqual({
			code: 1,
			lines: ["accepted signature/flipped-bit", "refused valid/baseline"],
		});
	});
});

test("every list is of a harness here, and every harness has at most 40 lines", () => {
	const lists = readdirSync(at("known")).map((file) => file.slice(0, -4));
	expect(lists.sort()).toEqual(Object.keys(HARNESSES));
	const harnesses = readdirSync(EXAMPLES).filter((file) =>
		/\.(go|java|php|py|rb)$/.test(file),
	);
	expect(harnesses).toHaveLength(5);
	for (const file of harnesses) {
		const lines = readFileSync(at(file), "utf8").split("\n");
		expect(lines.length - 1, file).toBeLessThanOrEqual(40);
	}
});
