// Writes what a release has of the test vectors into a folder: vectors.json, the keys that made it, and its schema.
// @ts-check
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sample } from "./vectors-sample.mjs";

const [folder] = process.argv.slice(2);
if (folder === undefined) {
	console.error("npm run vectors -- FOLDER");
	process.exit(2);
}
const { vectors, keys } = await sample();
await mkdir(folder, { recursive: true });
await writeFile(join(folder, "vectors.json"), vectors);
await writeFile(join(folder, "vectors-keys.json"), keys);
await copyFile(
	fileURLToPath(new URL("../schemas/vectors.json", import.meta.url)),
	join(folder, "vectors-schema.json"),
);
