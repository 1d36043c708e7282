// What a scenario needs of the GitLab and of the baseline that are in force.
import { notApplicable } from "../errors.js";
import type { Job } from "../gitlab/job.js";
import { atLeast } from "../gitlab/version.js";
import type { Scenario } from "./schema.js";

/** Why a baseline is not what is needed; undefined where it is. */
const OF_BASELINE: Record<string, (job: Job) => string | undefined> = {
	branch: ({ ref_type }) =>
		ref_type === "branch" ? undefined : "the baseline's ref is a tag",
	tag: ({ ref_type }) =>
		ref_type === "tag" ? undefined : "the baseline's ref is a branch",
	group: ({ project, user }) =>
		namespaceOf(project.path) === user?.login.toLowerCase()
			? "the baseline's project is in the user's own namespace, where no groups are"
			: undefined,
	person: ({ user }) => {
		if (user === null) return "the baseline's job has no user";
		return BOT.test(user.login)
			? `${user.login} is a bot, and owns no projects`
			: undefined;
	},
};

const BOT = /^(project|group)_\d+_bot/;

const namespaceOf = (path: string) =>
	path.slice(0, path.lastIndexOf("/")).toLowerCase();

/**
 * Sees to it that `scenario` can be made.
 * @param own the baseline job
 * @throws MockError `not_applicable`
 */
export function checkRequirements(
	{ id, requires = [] }: Scenario,
	version: string,
	own: () => Job,
): void {
	for (const requirement of requires) {
		const wanted = /^gitlab>=(.+)$/.exec(requirement)?.[1];
		if (wanted && !atLeast(version, wanted)) {
			throw notApplicable(
				`${id} needs GitLab ${wanted} or newer, and this instance is ${version}`,
			);
		}
		const part = /^baseline\.(.+)$/.exec(requirement)?.[1];
		const lacks = part && OF_BASELINE[part]?.(own());
		if (lacks) throw notApplicable(`${id}: ${lacks}`);
	}
}
