// Tokens on demand: as plain text by GET, with what they say by POST.
import { z } from "zod";
import { MockError } from "../../errors.js";
import { mintToken, type TokenRequest } from "../../scenario/mint.js";
import { jobDifferencesSchema } from "../../scenario/schema.js";
import { minting } from "../instance/instance.js";
import type { Place } from "../instance/registry.js";
import { type Call, route } from "./route.js";

const querySchema = z.strictObject({
	aud: z.array(z.string()).optional().meta({
		description: "`aud`; repeated, a list",
	}),
	"aud[]": z.array(z.string()).optional().meta({
		description: "`aud` as a list, even of one",
	}),
	set: z.array(z.string()).optional().meta({
		description: "a change of the scenario, such as `ref=main`",
	}),
});

const bodySchema = z.strictObject({
	scenario: z.string().optional().meta({
		description:
			"id, or its last segment; default the next in the queue, or valid/baseline",
	}),
	aud: z.union([z.string(), z.array(z.string())]).optional(),
	set: z.array(z.string()).optional(),
	baseline: jobDifferencesSchema.optional().meta({
		description:
			"how the baseline job differs from the built-in one, as in `job` of a scenario",
	}),
	job: z.unknown().optional().meta({ description: "as in a scenario file" }),
	token: z.unknown().optional().meta({ description: "as in a scenario file" }),
	instance: z
		.unknown()
		.optional()
		.meta({ description: "as in a scenario file" }),
});

export const mintedSchema = z.object({
	token: z.string(),
	scenario: z.string(),
	header: z.record(z.string(), z.unknown()),
	claims: z.record(z.string(), z.unknown()),
});

/** A request that names no scenario gets the next one in the queue. */
async function mint({ instance, issuer }: Place, request: TokenRequest) {
	const called = issuer();
	const scenario = request.scenario ?? instance.nextScenario();
	return minting(instance, called, (ready) =>
		mintToken(ready, { ...request, scenario }),
	);
}

async function plainToken({
	ctx,
	place,
	query,
}: Call<z.infer<typeof querySchema>, undefined>) {
	const { aud: single = [], "aud[]": list = [], set } = query;
	const aud =
		list.length > 0 || single.length > 1 ? [...single, ...list] : single[0];
	const { scenario } = ctx.params;
	return (await mint(place, { scenario, aud, set })).token;
}

export const tokenRoutes = [
	route({
		method: "get",
		path: "/_mock/token",
		summary: "The next token of the queue, or an honest one",
		takes: true,
		query: querySchema,
		answer: "text/plain",
		handle: plainToken,
	}),
	route({
		method: "get",
		path: "/_mock/token/*scenario",
		summary: "The token of a scenario, and nothing else",
		query: querySchema,
		answer: "text/plain",
		handle: plainToken,
	}),
	route({
		method: "post",
		path: "/_mock/token",
		summary: "A token with its header and claims",
		takes: true,
		body: bodySchema,
		answer: mintedSchema,
		handle({ place, body: { scenario, aud, set, baseline, ...given } }) {
			const blocks = Object.fromEntries(
				Object.entries(given).filter(([, value]) => value !== undefined),
			);
			return mint(place, { scenario, aud, set, baseline, blocks });
		},
	}),
	route({
		method: "post",
		path: "/_mock/next",
		summary:
			"Queues scenarios: the next requests for a token that name none get them",
		changes: true,
		body: z.strictObject({
			scenario: z.union([z.string(), z.array(z.string()).min(1).max(1000)]),
		}),
		answer: z.object({ queue: z.array(z.string()) }),
		async handle({ instance, body }) {
			const catalogue = await instance.settings.catalogue;
			const ids = [body.scenario].flat().map((name) => catalogue.find(name).id);
			return { queue: queueUp(instance.queue, ids) };
		},
	}),
];

const LONGEST_QUEUE = 10_000;

/** Puts `ids` at the end of `queue`. */
export function queueUp(queue: string[], ids: readonly string[]): string[] {
	if (queue.length + ids.length > LONGEST_QUEUE) {
		throw new MockError(
			"too_large",
			`more than ${LONGEST_QUEUE} scenarios would wait in the queue`,
		);
	}
	queue.push(...ids);
	return queue;
}
