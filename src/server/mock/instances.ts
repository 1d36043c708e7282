// More GitLabs in the same process: each with its own issuer, version, keys, clock, faults and requests.
import type { Context } from "koa";
import { z } from "zod";
import { MockError } from "../../errors.js";
import { addInstance } from "../instance/add-instance.js";
import { instanceConfigSchema } from "../instance/config.js";
import type { Instance } from "../instance/instance.js";
import type { Registry } from "../instance/registry.js";
import { route } from "./route.js";

const instanceSchema = z.object({
	name: z.string().meta({ description: "name or host: what DELETE takes" }),
	issuer: z.string(),
	gitlab_version: z.string(),
});

/** How an instance is told of to the client of `ctx`. */
function summary(registry: Registry, instance: Instance, ctx: Context) {
	const { name, host, version } = instance.settings;
	return {
		name: name || (host ?? ""),
		issuer: registry.issuerFor(instance, ctx),
		gitlab_version: version,
	};
}

export const instanceRoutes = [
	route({
		method: "get",
		path: "/_mock/instances",
		summary: "The GitLabs beside the one at the root",
		answer: z.object({ instances: z.array(instanceSchema) }),
		handle: ({ ctx, registry }) => ({
			instances: registry
				.all()
				.map((instance) => summary(registry, instance, ctx)),
		}),
	}),
	route({
		method: "post",
		path: "/_mock/instances",
		summary: "Makes one more",
		changes: true,
		body: instanceConfigSchema,
		answer: instanceSchema,
		status: 201,
		async handle({ ctx, registry, body }) {
			const made = await addInstance(registry, body);
			return summary(registry, made, ctx);
		},
	}),
	route({
		method: "delete",
		path: "/_mock/instances",
		summary: "Drops them all",
		changes: true,
		answer: z.object({ deleted: z.int() }),
		handle({ registry }) {
			const deleted = registry.all().length;
			registry.clear();
			return { deleted };
		},
	}),
	route({
		method: "delete",
		path: "/_mock/instances/:name",
		summary: "Drops one",
		changes: true,
		answer: z.object({ deleted: z.int() }),
		handle({ ctx, registry }) {
			const name = ctx.params.name ?? "";
			if (registry.remove(name)) return { deleted: 1 };
			throw new MockError(
				"not_found",
				`there is no instance ${name.slice(0, 100)}`,
			);
		},
	}),
];
