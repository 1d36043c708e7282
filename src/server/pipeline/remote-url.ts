// The project's path in a git remote's URL, whichever form that has.

const SEGMENT = /^[A-Za-z0-9_][\w.-]*$/;

/**
 * `group/project` of `git@host:group/project.git`, `ssh://…` or `https://user:secret@host/…`.
 * @returns undefined where the URL is of no GitLab project: a folder, or a path without a group
 */
export function projectOfRemote(url: string): string | undefined {
	const path = pathOf(url.trim());
	if (path === undefined) return undefined;
	const project = path.replace(/^\/+|\/+$/g, "").replace(/\.git$/, "");
	const segments = project.split("/");
	return segments.length > 1 &&
		project.length <= 255 &&
		segments.every((segment) => SEGMENT.test(segment))
		? project
		: undefined;
}

function pathOf(url: string): string | undefined {
	if (/^[a-z][a-z0-9+.-]*:\/\//i.test(url)) {
		const known = /^(https?|ssh|git|git\+ssh):/i.test(url);
		return known && URL.canParse(url) ? new URL(url).pathname : undefined;
	}
	// As scp has it. A single letter before the colon is a drive of Windows.
	return /^(?:[^@/:\s]+@)?(?:\[[^\]]+\]|[^/:\s]{2,}):(?!\\)(.+)$/.exec(
		url,
	)?.[1];
}
