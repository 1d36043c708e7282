// Edits of a project's path: its neighbours in the same group, in others, above and below.
import { z } from "zod";
import { notApplicable } from "../errors.js";

/** The forms of an edit of a path. */
export const PATH_EDITS = [
	z.strictObject({
		name: z.string().min(1).meta({
			description:
				"of a project's path: another name in the same group; `-2` is added where it is the baseline's own",
		}),
	}),
	z.strictObject({
		group: z.string().min(1).meta({
			description:
				"of a project's path: another group; `-2` is added where the baseline is in it",
		}),
		name: z.string().min(1).optional().meta({
			description: "the project's name there; default the baseline's",
		}),
	}),
	z.strictObject({
		"group-above": z.literal(true).meta({
			description:
				"of a project's path: the same name, in the group above the baseline's",
		}),
	}),
	z.strictObject({
		"groups-deep": z.int().min(2).max(20).meta({
			description:
				"of a project's path: the same name, this many groups deep below the baseline's group",
		}),
	}),
] as const;

export type PathEdit = z.infer<(typeof PATH_EDITS)[number]>;

/**
 * Edits a project's path.
 * @param where what is edited, for errors
 * @throws MockError `not_applicable` where there is no such neighbour
 */
export function editPath(path: string, edit: PathEdit, where: string): string {
	const groups = path.split("/");
	const own = groups.pop() as string;
	const [top] = groups;
	if (top === undefined)
		throw notApplicable(`${where}: "${path}" is in no group`);
	if ("group" in edit) {
		const { group, name = own } = edit;
		return `${unlike(top, group)}/${name}`;
	}
	if ("name" in edit) return [...groups, unlike(own, edit.name)].join("/");
	if ("group-above" in edit) {
		if (groups.length < 2)
			throw notApplicable(`${where}: no group is above that of "${path}"`);
		return [...groups.slice(0, -1), own].join("/");
	}
	const depth = edit["groups-deep"];
	if (groups.length >= depth) {
		throw notApplicable(
			`${where}: "${path}" is ${groups.length} groups deep already`,
		);
	}
	for (let level = groups.length + 1; level <= depth; level++)
		groups.push(`level-${level}`);
	return [...groups, own].join("/");
}

/** GitLab has no two paths that differ in letter case alone. */
const unlike = (own: string, wanted: string): string =>
	own.toLowerCase() === wanted.toLowerCase() ? `${wanted}-2` : wanted;
