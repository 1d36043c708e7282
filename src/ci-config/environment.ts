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

/** GitLab's expression for names: variables are not expanded yet. */
const NAME = /^[\w${}. -](?:[\w/${}. -]*[\w${}. -])?$/;
const KEYS = new Set([
	"name",
	"url",
	"action",
	"on_stop",
	"auto_stop_in",
	"kubernetes",
	"deployment_tier",
]);
const TEXTS = new Set(["url", "on_stop"]);
const LONGEST = 255; // characters of a url

const ACTIONS = ["start", "prepare", "stop", "verify", "access"] as const;

/** @throws MockError `invalid_pipeline` */
export function readEnvironment(
	config: Mapping,
	job: string,
): EnvironmentText | undefined {
	const member = memberOf(config, "environment");
	if (!member) return undefined;
	const { value, place } = member;
	const fail = (message: string, at: Place) =>
		pipelineError(at, `environment${message}`, job);
	const long = isMapping(value) ? value : undefined;
	if (!long && typeof value !== "string")
		throw fail(" needs a name, or a mapping with name", place);
	const named = long ? memberOf(long, "name") : member;
	const name = named?.value ?? "";
	if (name === "") throw fail(" needs a name", place);
	if (typeof name !== "string" || !NAME.test(name)) {
		throw fail(
			`: the name "${shown(scalarText(name) ?? "")}" may have only letters, digits, -, _, /, $, {, }, . and spaces, and no / at either end`,
			named?.place ?? place,
		);
	}
	for (const [key, { value: given, place: at }] of long ?? []) {
		if (!KEYS.has(key)) throw fail(` has no key ${shown(key)}`, at);
		if (!TEXTS.has(key) || given === null) continue;
		if (typeof given !== "string") throw fail(`: ${key} needs a text`, at);
		if (given.length > LONGEST)
			throw fail(`: ${key} has more than ${LONGEST} characters`, at);
	}

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
