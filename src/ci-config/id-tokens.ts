// `id_tokens` of a job, or by default.
import { type Place, pipelineError, shown } from "./place.js";
import {
	type Entry,
	isList,
	isMapping,
	memberOf,
	type Value,
} from "./value.js";

/** One entry of `id_tokens`. */
export interface IdToken {
	/** the CI/CD variable that holds it */
	name: string;
	/** as it is written: a string stays a string, a list a list; variables are not expanded */
	aud: string | readonly string[];
	place: Place;
}

/** GitLab takes any name, also one that no shell can have. */
const NAME = /^[^\p{Cc}\p{Cf}\u2028\u2029]{1,255}$/u;

/**
 * Reads `id_tokens`.
 * @throws MockError `invalid_pipeline` unless each has `aud` and nothing else
 */
export function readIdTokens(member: Entry, job?: string): IdToken[] {
	if (!isMapping(member.value)) {
		throw pipelineError(
			member.place,
			"id_tokens needs a mapping of variable names, each with aud",
			job,
		);
	}
	return [...member.value].map(([name, { value, place }]) => {
		const fail = (message: string, at = place) =>
			pipelineError(at, `id_tokens: ${shown(name)} ${message}`, job);
		if (!NAME.test(name)) throw fail("is no name of a variable");
		if (!isMapping(value) || !memberOf(value, "aud"))
			throw fail('needs aud, such as aud: "https://vault.example.com"');
		for (const [key, { place: at }] of value) {
			if (key !== "aud") throw fail(`takes aud alone, not ${shown(key)}`, at);
		}
		const aud = value.get("aud") as Entry;
		if (!isAudience(aud.value))
			throw fail(
				"needs an aud that is a string or a list of strings",
				aud.place,
			);
		return { name, aud: aud.value, place };
	});
}

const isAudience = (value: Value): value is string | readonly string[] =>
	typeof value === "string" ||
	(isList(value) && value.every((entry) => typeof entry === "string"));
