// `environment` of a job, in its short and long form.

import { DEPLOYMENT_TIERS } from "../gitlab/deployment-tier.js";
import type { Job } from "../gitlab/job.js";
import { type Place, pipelineError, shown } from "./place.js";
import { isMapping, type Mapping, memberOf, scalarText } from "./value.js";

type Environment = NonNullable<Job["environment"]>;

/** What a file says of an environment; whether it is protected it cannot say. */
export interface EnvironmentText
	extends Pick<Environment, "action" | "deployment_tier"> {
	/** variables are not expanded */
	name: string;
	/** where the name is */
	place: Place;
}

const ACTIONS = ["start", "prepare", "stop", "verify", "access"] as const;

/** @throws MockError `invalid_pipeline` */
export function readEnvironment(
	config: Mapping,
	job: string,
): EnvironmentText | undefined {
	const member = memberOf(config, "environment");
	if (!member) return undefined;
	const { value, place } = member;
	const long = isMapping(value) ? value : undefined;
	const named = long ? memberOf(long, "name") : member;
	const name = scalarText(named?.value);
	if (name === undefined || name === "")
		throw pipelineError(place, "environment needs a name", job);

	function oneOf<Word extends string>(
		key: string,
		words: readonly Word[],
	): Word | undefined {
		const given = memberOf(long, key);
		const word = words.find((known) => known === given?.value);
		if (given && word === undefined) {
			throw pipelineError(
				given.place,
				`environment: ${key} is "${shown(String(scalarText(given.value)))}", not one of ${words.join(", ")}`,
				job,
			);
		}
		return word;
	}

	return {
		name,
		place: named?.place ?? place,
		action: oneOf("action", ACTIONS) ?? "start",
		deployment_tier: oneOf("deployment_tier", DEPLOYMENT_TIERS) ?? null,
	};
}
