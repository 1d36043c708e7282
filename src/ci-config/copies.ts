// Local copies of what a pipeline includes from elsewhere: `--include project:group/templates=../templates`.
import { shellWord } from "../shell-word.js";
import type { Included } from "./include-entry.js";
import type { ComponentFacts } from "./inputs/fill.js";
import type { ProjectFiles } from "./project-files.js";

/** Copies by what they are of, such as `project:group/templates`. A copy that is one file has it at the empty path. */
export type Copies = ReadonlyMap<string, ProjectFiles>;

export const COPY_KINDS = [
	"project",
	"component",
	"remote",
	"template",
] as const;

/** A file of a copy. */
export interface Located {
	/** what the file is called in errors */
	label: string;
	/** the paths that it may have, the first counting most */
	paths: readonly string[];
	/** the copy; undefined: there is none */
	files: ProjectFiles | undefined;
	/** whether files that it includes by `local` are looked for in the copy: GitLab has no project for the others */
	isProject: boolean;
	/** the option that would give a copy */
	option: string;
	/** in words, such as `project group/templates` */
	what: string;
	component: ComponentFacts;
}

/** Makes the function that tells where the copy of an included file is. */
export function createLocator(copies: Copies) {
	// GitLab finds projects in any case of letters.
	const projects = new Map(
		[...copies].map(([of, files]) => [of.toLowerCase(), files]),
	);
	return (included: Exclude<Included, { kind: "local" }>): Located => {
		switch (included.kind) {
			case "project":
				return ofProject(included, projects);
			case "component":
				return ofComponent(included, projects);
			case "remote":
				return ofOneFile("remote", included.url, copies);
			case "template":
				return ofOneFile("template", included.name, copies);
		}
	};
}

const option = (kind: string, name: string, placeholder: string): string =>
	`--include ${shellWord(`${kind}:${name}`)}=${placeholder}`;

function ofOneFile(kind: string, name: string, copies: Copies): Located {
	return {
		label: kind === "template" ? `template:${name}` : name,
		paths: [""],
		files: copies.get(`${kind}:${name}`),
		isProject: false,
		option: option(kind, name, "FILE"),
		what: `${kind} ${name}`,
		component: {},
	};
}

/** The copy of the first name that has one. */
const found = (
	projects: Copies,
	kind: string,
	names: readonly string[],
): ProjectFiles | undefined =>
	names
		.map((name) => projects.get(`${kind}:${name}`.toLowerCase()))
		.find((files) => files !== undefined);

function ofProject(
	{ project, ref, path }: Extract<Included, { kind: "project" }>,
	projects: Copies,
): Located {
	const clean = path.replace(/^\/+/, "");
	return {
		label: `${project}:${clean}`,
		paths: [clean],
		files: found(projects, "project", [`${project}@${ref ?? "HEAD"}`, project]),
		isProject: true,
		option: option("project", project, "FOLDER"),
		what: `project ${project}`,
		component: {},
	};
}

function ofComponent(
	{ address, written }: Extract<Included, { kind: "component" }>,
	projects: Copies,
): Located {
	const [path = "", version = ""] = splitOnce(address, "@");
	const slash = path.lastIndexOf("/");
	const name = path.slice(slash + 1);
	const names = [address, written].flatMap((whole) => {
		const [bare = ""] = splitOnce(whole, "@");
		const above = bare.slice(0, Math.max(bare.lastIndexOf("/"), 0));
		return [whole, bare, `${above}@${version}`, above];
	});
	return {
		label: address,
		paths: ["", `templates/${name}.yml`, `templates/${name}/template.yml`],
		files: found(projects, "component", names),
		isProject: true,
		option: option("component", address, "FOLDER"),
		what: `component ${address}`,
		component: {
			name,
			reference: version,
			version: /^\d+\.\d+\.\d+/.test(version) ? version : undefined,
		},
	};
}

const splitOnce = (text: string, by: string): [string, string?] => {
	const at = text.indexOf(by);
	return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
};
