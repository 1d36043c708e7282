// What the git checkout around a folder says: asked of git itself, and left out where it does not know.
import { execFile } from "node:child_process";
import { projectOfRemote } from "./remote-url.js";
import type { Checkout } from "./situation.js";

/** A checkout, and where it is. */
export interface FoundCheckout {
	/** its top folder; undefined: there is no checkout */
	root: string | undefined;
	checkout: Checkout;
}

const PATIENCE = 5000; // milliseconds

const LONGEST_MESSAGE = 100_000; // GitLab's own limit, in bytes there

const MOST_SAID = 16 * 1024 * 1024; // bytes

/** Variables of the environment that point git at another checkout, as in a hook. */
const ELSEWHERE = ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"];

/** Asks git in `folder`. What it says before it fails counts; nothing where it says too much, or is not installed. */
export function git(folder: string, ...args: string[]): Promise<string> {
	const env: NodeJS.ProcessEnv = {
		...process.env,
		GIT_OPTIONAL_LOCKS: "0",
		GIT_TERMINAL_PROMPT: "0",
	};
	for (const name of ELSEWHERE) delete env[name];
	return new Promise((resolve) => {
		execFile(
			"git",
			["-C", folder, ...args],
			{ env, timeout: PATIENCE, maxBuffer: MOST_SAID, windowsHide: true },
			(error, stdout) =>
				resolve(
					error?.code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER"
						? ""
						: stdout.trim(),
				),
		);
	});
}

/** Finds the checkout that `folder` is in. Never fails: without git there is none. */
export async function findCheckout(folder: string): Promise<FoundCheckout> {
	// Each process costs. The first ends at what it does not find, a commit or the remote's branch, which it repeats.
	const [found, settings] = await Promise.all([
		git(folder, "rev-parse", "--show-toplevel", "HEAD", ...BRANCHES),
		git(folder, "config", "--null", "--get-regexp", SETTINGS),
	]);
	const [root, sha, head, upstream = ""] = found.split("\n");
	if (!root) return { root: undefined, checkout: {} };
	const isBorn = head !== undefined;
	const branch = branchIn(
		isBorn ? head : await git(root, "symbolic-ref", "--quiet", "HEAD"),
	);
	const ref =
		branch ??
		((await git(root, "describe", "--tags", "--exact-match", "HEAD")) ||
			undefined);
	const config = readSettings(settings);
	const project = projectOf(config);
	const last = (name: string) =>
		config.findLast(({ key }) => key === name)?.value || undefined;
	const user = userOf(last("user.name"), last("user.email"));
	const defaultBranch =
		REMOTE_BRANCH.exec(upstream)?.[1] ??
		(branch === "master" ? branch : undefined);
	return {
		root,
		checkout: {
			...(project !== undefined && { project }),
			...(ref !== undefined && {
				ref,
				ref_type: branch === undefined ? "tag" : "branch",
			}),
			...(sha !== undefined &&
				/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(sha) && { sha }),
			...(defaultBranch !== undefined && { default_branch: defaultBranch }),
			...(user && { user }),
		},
	};
}

/** What the commit that is checked out says; undefined where there is none. */
export async function findCommit(root: string): Promise<Checkout["commit"]> {
	const said = await git(root, "log", "-1", "--format=%an <%ae>%x00%cI%x00%B");
	const [author, timestamp, message] = said.split("\0");
	return author && timestamp && message !== undefined
		? { author, timestamp, message: message.slice(0, LONGEST_MESSAGE) }
		: undefined;
}

/** The branch that is checked out, and the remote's default one: whole names, `HEAD` where there is no branch. */
const BRANCHES = ["--symbolic-full-name", "HEAD", "refs/remotes/origin/HEAD"];

const REMOTE_BRANCH = /^refs\/remotes\/origin\/(?!HEAD$)(.+)$/;

const branchIn = (name: string): string | undefined =>
	/^refs\/heads\/(.+)$/.exec(name)?.[1];

const SETTINGS = "^(remote\\..*\\.url|user\\.(name|email))$";

interface Setting {
	key: string;
	value: string;
}

/** git-config(1), --null: each key ends with a line end, each value with NUL. A later value of a key counts more. */
const readSettings = (text: string): Setting[] =>
	text.split("\0").map((setting) => {
		const [key = "", ...lines] = setting.split("\n");
		return { key, value: lines.join("\n").trim() };
	});

/** The project of the remote `origin`, or of the first that has one. */
function projectOf(config: readonly Setting[]): string | undefined {
	const urls = config.filter(({ key }) => key.startsWith("remote."));
	const origin = urls.filter(({ key }) => key === "remote.origin.url");
	return [...origin, ...urls]
		.map(({ value }) => projectOfRemote(value))
		.find((project) => project !== undefined);
}

const LOGIN = /^[A-Za-z0-9_][\w.-]*$/;

/** GitLab's user, as far as git knows of one: its name if it could be one, or what the address begins with. */
function userOf(
	name: string | undefined,
	email: string | undefined,
): Checkout["user"] {
	const hidden = /^\d+-(.+)@users\.noreply\./.exec(email ?? "")?.[1];
	const login = [hidden, name, email?.split("@", 1)[0]].find(
		(candidate) => candidate !== undefined && LOGIN.test(candidate),
	);
	return login === undefined ? undefined : { login, email: email ?? null };
}
