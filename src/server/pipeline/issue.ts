// Issues the ID tokens of one job of a pipeline file.
import { type Mint, type MintedToken, mintToken } from "../../scenario/mint.js";
import { type JobText, jobText } from "./job-text.js";
import { type PipelineSource, planJobs } from "./jobs.js";
import type { SituationText } from "./situation.js";

/** The jobs of a pipeline file, or one of them with its tokens. */
export interface IssuedJobs {
	jobs: JobText[];
	/** by the name of the variable; of a single job only */
	tokens: Record<string, MintedToken>;
	warnings: string[];
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
	const { scenario, plans, warnings } = await planJobs(
		source,
		job,
		situation,
		mint,
	);
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
	return {
		jobs: plans.map(jobText),
		tokens: Object.fromEntries(tokens),
		warnings,
	};
}
