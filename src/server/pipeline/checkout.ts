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

/** Variables of the environment that point git at another checkout, as in a hook. */
const ELSEWHERE = ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"];

/** Asks git in `folder`; undefined where it fails, says nothing, or is not installed. */
export function git(
	folder: string,
	...args: string[]
): Promise<string | undefined> {
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
			{
				env,
				timeout: PATIENCE,
				maxBuffer: 16 * 1024 * 1024,
				windowsHide: true,
			},
			(error, stdout) =>
				resolve(error ? undefined : stdout.trim() || undefined),
		);
	});
}

/** Finds the checkout that `folder` is in. Never fails: without git there is none. */
export async function findCheckout(folder: string): Promise<FoundCheckout> {
	const root = await git(folder, "rev-parse", "--show-toplevel");
	if (root === undefined) return { root, checkout: {} };
	const [sha, branch, upstream, settings = ""] = await Promise.all([
		git(root, "rev-parse", "--verify", "HEAD"),
		git(root, "symbolic-ref", "--quiet", "--short", "HEAD"),
		git(root, "symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD"),
		git(root, "config", "--null", "--get-regexp", SETTINGS),
	]);
	// Each process costs: a tag is asked for where there is no branch.
	const ref =
		branch ?? (await git(root, "describe", "--tags", "--exact-match", "HEAD"));
	const config = readSettings(settings);
	const project = projectOf(config);
	const last = (name: string) =>
		config.findLast(({ key }) => key === name)?.value || undefined;
	const user = userOf(last("user.name"), last("user.email"));
	const defaultBranch =
		upstream?.replace(/^origin\//, "") ??
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
