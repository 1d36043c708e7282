// Issues the ID tokens of one job of a pipeline file.
import type { HiddenToken } from "../../ci-config/hidden-tokens.js";
import { DEFAULT_SUB_COMPONENTS } from "../../gitlab/sub.js";
import { type Mint, type MintedToken, mintToken } from "../../scenario/mint.js";
import type { LeftOut } from "./choose.js";
import { type JobText, jobText } from "./job-text.js";
import { type PipelineSource, type PlannedJobs, planJobs } from "./jobs.js";
import type { SituationText } from "./situation.js";

/** The jobs of a pipeline file, or one of them with its tokens. */
export interface IssuedJobs {
	jobs: JobText[];
	/** by the name of the variable; of a single job only */
	tokens: Record<string, MintedToken>;
	/** those of GitLab's own making, by what implies them; of a single job only */
	hidden_tokens: Record<string, MintedToken>;
	warnings: string[];
	/** in words */
	situation: string;
	/** the jobs that it has not */
	left_out: LeftOut[];
	/** why there is no pipeline at all */
	no_pipeline: string | null;
}

/**
 * @param job whose tokens are issued; undefined: the jobs are only told of
 * @throws MockError as {@link planJobs}
 */
export async function issueJobTokens(
	mint: Mint,
	source: PipelineSource,
	job: string | undefined,
	situation: SituationText,
): Promise<IssuedJobs> {
	const planned = await planJobs(source, job, situation, mint);
	const { scenario, plans } = planned;
	const [plan] = plans;
	if (job === undefined || !plan) return toldJobs(planned);
	const mintOne = (aud: string | string[], own: object, more: object = {}) =>
		mintToken(mint, {
			scenario,
			aud,
			set: situation.set?.filter((setting) => !OF_HIDDEN.test(setting)),
			blocks: { job: { ...plan.job, ...own }, ...more },
		});
	const tokens: [string, MintedToken][] = [];
	for (const [name, aud] of plan.idTokens)
		tokens.push([name, await mintOne(aud, {})]);
	const hidden: [string, MintedToken][] = [];
	for (const { what, aud, targetAudience } of plan.hidden) {
		if (aud === null) continue;
		// The project's setting for `sub` is of id_tokens alone.
		const own = {
			target_audience: targetAudience,
			sub_components: DEFAULT_SUB_COMPONENTS,
		};
		hidden.push([what, await mintOne(aud, own, MORE[what])]);
	}
	return {
		...toldJobs(planned),
		tokens: Object.fromEntries(tokens),
		hidden_tokens: Object.fromEntries(hidden),
	};
}

/** Settings that plans have heeded, and that must not be made for every token. */
const OF_HIDDEN = /^(?:job\.)?(?:target_audience|sub_components)\b/;

/**
 * What such a token says besides. One for GitLab Secrets Manager also has `project_group_ids`, from a GitLab on whose
 * number is not known: the ids of the groups above the project's own are not known here, so that it is left out.
 */
const MORE: Record<HiddenToken["what"], object> = {
	"identity: google_cloud": {},
	"secrets: gitlab_secrets_manager": {
		token: { claims: { secrets_manager_scope: "pipeline" } },
	},
};

/** What is told of jobs whose tokens are not issued. */
export const toldJobs = (planned: PlannedJobs): IssuedJobs => ({
	jobs: planned.plans.map(jobText),
	tokens: {},
	hidden_tokens: {},
	warnings: planned.warnings,
	situation: planned.situation,
	left_out: planned.leftOut,
	no_pipeline: planned.noPipeline ?? null,
});
