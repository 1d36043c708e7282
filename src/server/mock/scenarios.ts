// The catalogue, and what one scenario's file says.
import { z } from "zod";
import { scenarioSchema } from "../../scenario/schema.js";
import { route } from "./route.js";

const { title, expect, rule, level, impact, only_if } = scenarioSchema.shape;
const summarySchema = z.object({
	id: z.string(),
	...{ title, expect, rule, level, impact, only_if },
});

export const scenarioRoutes = [
	route({
		method: "get",
		path: "/_mock/scenarios",
		summary: "The catalogue",
		query: z.strictObject({
			full: z.enum(["true", "false"]).optional().meta({
				description: "true: all that the files say",
			}),
		}),
		answer: z.object({ scenarios: z.array(summarySchema.loose()) }),
		async handle({ instance, query }) {
			const catalogue = await instance.settings.catalogue;
			if (query.full === "true") {
				const whole = catalogue
					.all()
					.map(({ file: _, ...scenario }) => scenario);
				return { scenarios: whole };
			}
			const scenarios = catalogue
				.all()
				.map(({ id, title, expect, rule, level, impact, only_if }) => ({
					id,
					title,
					expect,
					rule,
					level,
					impact,
					only_if,
				}));
			return { scenarios };
		},
	}),
	route({
		method: "get",
		path: "/_mock/scenarios/*scenario",
		summary: "What a scenario's file says",
		answer: z.strictObject({ id: z.string(), ...scenarioSchema.shape }),
		async handle({ ctx, instance }) {
			const { file: _, ...scenario } = (await instance.settings.catalogue).find(
				ctx.params.scenario ?? "",
			);
			return scenario;
		},
	}),
];
