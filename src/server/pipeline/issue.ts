// Issues the ID tokens of one job of a pipeline file.
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
	const tokens: [string, MintedToken][] = [];
	const [plan] = plans;
	if (job !== undefined && plan) {
		for (const [name, aud] of plan.idTokens) {
			const minted = await mintToken(mint, {
				scenario,
				aud,
				set: situation.set,
				blocks: { job: plan.job },
			});
			tokens.push([name, minted]);
		}
	}
	return { ...toldJobs(planned), tokens: Object.fromEntries(tokens) };
}

/** What is told of jobs whose tokens are not issued. */
export const toldJobs = (planned: PlannedJobs): IssuedJobs => ({
	jobs: planned.plans.map(jobText),
	tokens: {},
	warnings: planned.warnings,
	situation: planned.situation,
	left_out: planned.leftOut,
	no_pipeline: planned.noPipeline ?? null,
});
