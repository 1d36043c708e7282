// GitLab's own endpoints: documents at fixed paths, open to every origin.
import type { Middleware } from "koa";
import { MockError } from "../../errors.js";
import { PATHS } from "../../gitlab/discovery.js";
import { basePath, type Instance, issuerFor } from "../instance.js";
import { discovery } from "./discovery.js";
import type { Endpoint } from "./endpoint.js";
import { keys } from "./keys.js";
import { webfinger } from "./webfinger.js";

const ENDPOINTS = new Map<string, Endpoint>([
	[PATHS.discovery, discovery],
	[PATHS.authorizationServer, discovery],
	[PATHS.keys, keys],
	[PATHS.webfinger, webfinger],
]);

const METHODS = "GET, HEAD";

/** GitLab's endpoints below the instance's path. */
export function gitlabEndpoints(instance: Instance): Middleware {
	const base = basePath(instance);
	const table = new Map(
		[...ENDPOINTS].map(([path, endpoint]) => [base + path, endpoint]),
	);
	return function gitlabEndpoint(ctx, next) {
		const endpoint = table.get(ctx.path);
		if (!endpoint) return next();
		ctx.res.setHeader("Access-Control-Allow-Origin", "*");
		ctx.res.setHeader("Access-Control-Allow-Methods", METHODS);
		if (ctx.method === "GET" || ctx.method === "HEAD") {
			return Promise.resolve(endpoint(ctx, instance, issuerFor(instance, ctx)));
		}
		if (ctx.method !== "OPTIONS") {
			ctx.set("Allow", METHODS);
			throw new MockError(
				"method_not_allowed",
				`${ctx.method} is not possible here, only ${METHODS}`,
			);
		}
		ctx.status = 200;
		ctx.body = "";
		return undefined;
	};
}
