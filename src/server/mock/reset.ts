// Puts the instance back to how it started.
import { z } from "zod";
import { route } from "./route.js";

export const resetRoutes = [
	route({
		method: "post",
		path: "/_mock/reset",
		summary:
			"Clock, faults, requests and queue as at the start; the keys too, if asked",
		changes: true,
		body: z.strictObject({
			keys: z
				.boolean()
				.optional()
				.meta({ description: "back to the first keys as well; default false" }),
		}),
		answer: z.object({ reset: z.array(z.string()) }),
		handle({ instance, body }) {
			instance.reset(body);
			return {
				reset: [
					"clock",
					"faults",
					"requests",
					"queue",
					...(body.keys ? ["keys"] : []),
				],
			};
		},
	}),
];
