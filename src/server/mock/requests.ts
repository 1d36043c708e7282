// The requests that the instance got: to look at, to count, to wait for.
import { z } from "zod";
import { DURATION, parseDuration } from "../../clock.js";
import { whenGone } from "../client-gone.js";
import type { RequestEntry } from "../instance/request-log.js";
import { route } from "./route.js";

const LONGEST_WAIT = 60; // seconds
const wholeNumber = z
	.string()
	.regex(/^\d{1,12}$/, "expected a number")
	.transform(Number);

const querySchema = z.strictObject({
	path: z
		.string()
		.optional()
		.meta({ description: "below the instance, as GitLab has it" }),
	method: z.string().optional(),
	status: wholeNumber.optional(),
	since: wholeNumber
		.optional()
		.meta({ description: "only those with a greater id" }),
	wait: z
		.string()
		.regex(DURATION, "expected a duration such as 5s")
		.refine((text) => {
			const seconds = DURATION.test(text) ? parseDuration(text) : 0;
			return seconds >= 0 && seconds <= LONGEST_WAIT;
		}, `expected at most ${LONGEST_WAIT}s`)
		.optional()
		.meta({ description: `wait until there is one, at most ${LONGEST_WAIT}s` }),
});

const answerSchema = z.object({
	requests: z.array(
		z.object({
			id: z.int(),
			request_id: z
				.string()
				.meta({ description: "`X-Request-Id` of the answer" }),
			instance: z.string(),
			time: z.string(),
			method: z.string(),
			path: z.string(),
			query: z.string(),
			status: z.int().nullable(),
			duration: z.number().nullable().meta({ description: "milliseconds" }),
			headers: z.record(z.string(), z.string()),
		}),
	),
	counts: z
		.record(z.string(), z.int())
		.meta({ description: "how many each path got" }),
});

/** The entries, with the names of HTTP. */
const told = (entries: readonly RequestEntry[]) =>
	entries.map(({ id, requestId, ...rest }) => ({
		id,
		request_id: requestId,
		...rest,
	}));

export const requestRoutes = [
	route({
		method: "get",
		path: "/_mock/requests",
		summary: "The newest requests, oldest first",
		query: querySchema,
		answer: answerSchema,
		async handle({ ctx, instance: { requests }, query: { wait, ...filter } }) {
			if (wait === undefined)
				return {
					requests: told(requests.list(filter)),
					counts: requests.counts(filter),
				};
			const gone = new AbortController();
			whenGone(ctx, () => gone.abort());
			const list = await requests.wait(
				filter,
				1000 * parseDuration(wait),
				gone.signal,
			);
			return { requests: told(list), counts: requests.counts(filter) };
		},
	}),
	route({
		method: "delete",
		path: "/_mock/requests",
		summary: "Forgets them",
		changes: true,
		answer: answerSchema,
		handle({ instance: { requests } }) {
			requests.clear();
			return { requests: [], counts: {} };
		},
	}),
];
