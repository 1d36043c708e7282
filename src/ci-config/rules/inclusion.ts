// What decides whether a job is part of a pipeline: its rules, or only and except.
import { pipelineError, shown } from "../place.js";
import { type Mapping, memberOf, scalarText } from "../value.js";
import { readNeeds } from "./needs.js";
import { type Policy, readPolicy } from "./policy.js";
import {
	JOB_RULES,
	JOB_WHEN,
	type Language,
	type Rules,
	readRules,
} from "./rule.js";

/** A job's own words on when it runs. */
export interface Inclusion {
	/** without rules, or where a rule has no `when` */
	when: string;
	/** the jobs that must be in too */
	needs: readonly string[];
	rules?: Rules;
	/** undefined with rules; where workflow has rules, unless the job says so itself */
	only?: Policy | "branches and tags" | undefined;
	except?: Policy | undefined;
	/** the job says nothing of it, and may be in a file that was not followed too */
	elsewhere?: boolean;
}

/** A job with one of these is most likely all here. */
const WHOLE = ["script", "run", "trigger", "only", "except"];

const NOT_WITH_RULES = ["only", "except", "start_in"];

/**
 * @param workflow whether workflow has rules: then no job has GitLab's default for `only`
 * @throws MockError `invalid_pipeline`
 */
export function readInclusion(
	config: Mapping,
	job: string,
	workflow: boolean,
	language: Language,
): Inclusion {
	const when = whenOf(config, job);
	const needs = readNeeds(memberOf(config, "needs")) ?? [];
	const rules = memberOf(config, "rules");
	const only = memberOf(config, "only");
	const except = memberOf(config, "except");
	if (rules) {
		const key = NOT_WITH_RULES.find((name) => memberOf(config, name));
		const other = key === undefined ? undefined : memberOf(config, key);
		if (other)
			throw pipelineError(
				other.place,
				`${key} may not be used with rules`,
				job,
			);
		return { when, needs, rules: readRules(rules, JOB_RULES, language, job) };
	}
	return {
		when,
		needs,
		elsewhere:
			!language.complete && !WHOLE.some((key) => memberOf(config, key)),
		only: only
			? readPolicy("only", only, language, job)
			: workflow
				? undefined
				: "branches and tags",
		except: except && readPolicy("except", except, language, job),
	};
}

function whenOf(config: Mapping, job: string): string {
	const member = memberOf(config, "when");
	const when = member ? String(scalarText(member.value)) : "on_success";
	if (!member || JOB_WHEN.includes(when)) return when;
	throw pipelineError(
		member.place,
		`when is ${shown(when)}, not one of ${JOB_WHEN.join(", ")}`,
		job,
	);
}
