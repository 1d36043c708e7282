// Which names GitLab gives out: paths of projects and groups, branches and tags, environments, users.

const SEGMENT = /^[a-z0-9](?:[a-z0-9]|[._-](?![._-]))*$/i;
const LONGEST_SEGMENT = 255;

/** Whether a group can have this full path: segments of letters, digits and single `.`, `_`, `-` between them. */
export const isGroupPath = (path: string): boolean =>
	path.split("/").every(isSegment);

/** Whether a project can have this full path: it is in a group or a user's namespace. */
export const isProjectPath = (path: string): boolean =>
	path.includes("/") && isGroupPath(path);

/** Whether a user can have this login. */
export const isLogin = (login: string): boolean => isSegment(login);

const isSegment = (segment: string) =>
	segment.length <= LONGEST_SEGMENT &&
	SEGMENT.test(segment) &&
	!/[._-]$|\.(git|atom)$/i.test(segment);

const LONGEST_REF = 255; // bytes

/** Whether git, and GitLab, take this name for a branch or tag: git-check-ref-format(1). */
export const isRefName = (name: string): boolean =>
	name !== "" &&
	name !== "@" &&
	Buffer.byteLength(name) <= LONGEST_REF &&
	// biome-ignore lint/suspicious/noControlCharactersInRegex: git forbids them
	!/[\u0000-\u0020\u007f~^:?*[\\]|\.\.|@\{|\/\/|^[-/.]|\/\.|[/.]$|\.lock(\/|$)/.test(
		name,
	) &&
	!/^[0-9a-f]{40}$/.test(name);

const LONGEST_ENVIRONMENT = 255;

/** Whether an environment can have this name. */
export const isEnvironmentName = (name: string): boolean =>
	name.length <= LONGEST_ENVIRONMENT &&
	/^[\w${}.-]([\w/${} .-]*[\w${}.-])?$/.test(name);
