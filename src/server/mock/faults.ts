// The instance's faults: which paths answer wrongly, late or not at all.
import { z } from "zod";
import { MockError } from "../../errors.js";
import { faultsSchema } from "../../scenario/fault.js";
import { prepareKeys } from "../../token/jwks.js";
import { route } from "./route.js";

export const faultRoutes = [
	route({
		method: "get",
		path: "/_mock/faults",
		summary: "The faults that are on",
		answer: faultsSchema,
		handle: ({ instance }) => instance.faults.current(),
	}),
	route({
		method: "put",
		path: "/_mock/faults",
		summary: "Takes these faults for all that were on",
		changes: true,
		query: z.strictObject({
			scenario: z
				.string()
				.optional()
				.meta({ description: "those of a scenario's `instance` block" }),
		}),
		body: faultsSchema,
		answer: faultsSchema,
		async handle({ instance, query, body }) {
			const { scenario } = query;
			const faults =
				scenario === undefined
					? body
					: (await instance.settings.catalogue).find(scenario).instance?.faults;
			if (!faults)
				throw new MockError(
					"invalid_request",
					`the scenario ${scenario} has no instance.faults`,
				);
			for (const { publish, keys } of Object.values(faults))
				await prepareKeys(publish, keys);
			instance.faults.set(faults);
			return instance.faults.current();
		},
	}),
	route({
		method: "delete",
		path: "/_mock/faults",
		summary: "Ends all faults, or that of one path",
		changes: true,
		query: z.strictObject({ path: z.string().optional() }),
		answer: faultsSchema,
		handle({ instance: { faults }, query }) {
			faults.remove(query.path);
			return faults.current();
		},
	}),
];
