// check --update-known: today's findings into the profile, which stays as it is written, with its comments.
import { randomUUID } from "node:crypto";
import { realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { isMap, isSeq, parseDocument, type YAMLSeq } from "yaml";
import { readProfile } from "../../check/profile.js";
import { MockError, messageOf } from "../../errors.js";
import { readTextFile } from "../../text-file.js";
import type { KnownUpdate } from "../../verdict/known.js";

const KEY = "known_failures";

/**
 * Writes what is known into a profile: whole, or not at all.
 * @throws MockError `file` where it cannot be written
 */
export async function writeKnown(
	profile: string,
	{ add, drop }: KnownUpdate,
): Promise<void> {
	const document = parseDocument(await readTextFile(profile));
	const ids = new Set([...drop, ...add.map(({ id }) => id)]);
	const listed = document.get(KEY, true);
	const list: YAMLSeq = isSeq(listed) ? listed : document.createNode([]);
	list.items = list.items.filter(
		(item) => !(isMap(item) && ids.has(String(item.get("id")))),
	);
	for (const failure of add) list.items.push(document.createNode(failure));
	list.flow = false;
	if (list.items.length > 0) document.set(KEY, list);
	else document.delete(KEY);
	try {
		const path = await realpath(profile);
		const { mode } = await stat(path);
		const beside = `${path}.${randomUUID()}`;
		try {
			await writeFile(beside, document.toString({ lineWidth: 0 }), { mode });
			await readProfile(beside);
			await rename(beside, path);
		} finally {
			await rm(beside, { force: true });
		}
	} catch (error) {
		throw new MockError(
			"file",
			`--update-known: ${profile} stays as it was: ${messageOf(error)}`,
			{ cause: error },
		);
	}
}
