// What libraries fail of the vectors, as a table: from the lists that their harnesses are held against.
// @ts-check
import { readdir, readFile } from "node:fs/promises";

const FOLDER = new URL("../examples/vectors/", import.meta.url);

/**
 * The README of the vectors.
 * @param {import("../dist/index.js").Vectors} document
 */
export async function vectorsReadme({ vectors, count }) {
	const head = await readFile(
		new URL("vectors-readme.md", import.meta.url),
		"utf8",
	);
	const names = (await readdir(new URL("known/", FOLDER)))
		.map((file) => file.replace(/\.txt$/, ""))
		.sort();
	const lists = await Promise.all(
		names.map(async (name) => {
			const text = await readFile(new URL(`known/${name}.txt`, FOLDER), "utf8");
			return new Set(text.split("\n").filter((line) => line !== ""));
		}),
	);
	const rows = vectors.flatMap(({ id, title, rule }) => {
		const cells = lists.map(
			(list) =>
				["accepted", "refused"].find((word) => list.has(`${word} ${id}`)) ?? "",
		);
		return cells.some((cell) => cell !== "")
			? [
					`| [\`${id}\`](../../scenarios/${id}.yaml) | ${title.replaceAll("|", "\\|")} | ${rule ?? ""} | ${cells.join(" | ")} |`,
				]
			: [];
	});
	return `${head.trimEnd()}

## What the libraries fail

Of ${vectors.filter(({ level }) => level === "must").length} vectors at level \`must\` (${count.vectors} in all): ${names.map((name, index) => `${name} ${lists[index]?.size}`).join(", ")}. The rules \`claims\`
and \`token-type\` are not a JWT library's to check: they are left for the service that uses it, and here is what it has to add.

| vector | the token | rule | ${names.join(" | ")} |
|---|---|---|${names.map(() => "---|").join("")}
${rows.join("\n")}
`;
}
