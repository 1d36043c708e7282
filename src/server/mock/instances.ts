// More GitLabs in the same process: each with its own issuer, version, keys, clock, faults and requests.
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

/** How an instance is told of; `origin` is how the client calls the server. */
function summary(registry: Registry, { settings }: Instance, origin: string) {
	const { name, host, issuer, version } = settings;
	const url =
		host === undefined
			? `${registry.root.settings.issuer ?? origin}/${name}`
			: hostUrl(origin, host);
	return {
		name: name || (host ?? ""),
		issuer: issuer ?? url,
		gitlab_version: version,
	};
}

/** `origin` with another host name and the same port. */
function hostUrl(origin: string, host: string): string {
	const url = new URL(origin);
	url.hostname = host;
	return url.origin;
}

const originOf = ({ protocol, host }: { protocol: string; host: string }) =>
	`${protocol}://${host}`;

export const instanceRoutes = [
	route({
		method: "get",
		path: "/_mock/instances",
		summary: "The GitLabs beside the one at the root",
		answer: z.object({ instances: z.array(instanceSchema) }),
		handle: ({ ctx, registry }) => ({
			instances: registry
				.all()
				.map((instance) => summary(registry, instance, originOf(ctx))),
		}),
	}),
	route({
		method: "post",
		path: "/_mock/instances",
		summary: "Makes one more",
		changes: true,
		body: instanceConfigSchema,
		answer: instanceSchema,
		async handle({ ctx, registry, body }) {
			const made = await addInstance(registry, body);
			ctx.status = 201;
			return summary(registry, made, originOf(ctx));
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
