// Whether keys and scenarios are there, with all that is wrong in scenario files.
import { z } from "zod";
import { problemLine } from "../../scenario/problem.js";
import { route } from "./route.js";

const STARTING = Symbol("starting");

/** The value, if the promise has one already. */
const settled = <T>(promise: Promise<T>): Promise<T | typeof STARTING> =>
	Promise.race([
		promise,
		new Promise<typeof STARTING>((resolve) => setImmediate(resolve, STARTING)),
	]);

export const healthRoutes = [
	route({
		method: "get",
		path: "/_mock/health",
		summary: "200 once keys and scenarios are there, 503 before",
		answer: z.object({
			status: z.enum(["ok", "starting"]),
			issuer: z.string(),
			gitlab_version: z.string(),
			scenarios: z.int(),
			overriding: z.array(z.string()),
			problems: z.array(z.string()),
		}),
		pending: { status: 503, means: "keys or scenarios are not there yet" },
		async handle({ ctx, instance, place }) {
			const { settings, keys } = instance;
			const catalogue = await settled(settings.catalogue);
			const made = await settled(Promise.resolve(keys.current()));
			const ready = made !== STARTING && catalogue !== STARTING;
			if (!ready) ctx.status = 503;
			return {
				status: ready ? "ok" : "starting",
				issuer: place.issuer(),
				gitlab_version: settings.version,
				scenarios: catalogue === STARTING ? 0 : catalogue.all().length,
				overriding: catalogue === STARTING ? [] : catalogue.overriding(),
				problems:
					catalogue === STARTING ? [] : catalogue.problems().map(problemLine),
			};
		},
	}),
];
