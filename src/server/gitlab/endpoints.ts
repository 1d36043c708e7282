// GitLab's own endpoints: documents at fixed paths, open to every origin.
import type { Middleware } from "koa";
import { PATHS } from "../../gitlab/discovery.js";
import { placeOf } from "../instance/locate.js";
import { answerOtherMethod } from "../other-method.js";
import { discovery } from "./discovery.js";
import { METHODS, openToAll } from "./document.js";
import type { Endpoint } from "./endpoint.js";
import { keys } from "./keys.js";
import { webfinger } from "./webfinger.js";

const ENDPOINTS = new Map<string, Endpoint>([
	[PATHS.discovery, discovery],
	[PATHS.authorizationServer, discovery],
	[PATHS.keys, keys],
	[PATHS.webfinger, webfinger],
]);

/** GitLab's endpoints, for the instance that was found. */
export const gitlabEndpoints: Middleware = function gitlabEndpoints(ctx, next) {
	const place = placeOf(ctx);
	const endpoint = place.emulated ? ENDPOINTS.get(place.path) : undefined;
	if (!endpoint) return next();
	openToAll(ctx);
	if (ctx.method === "GET" || ctx.method === "HEAD") {
		return Promise.resolve(endpoint(ctx, place));
	}
	answerOtherMethod(ctx, METHODS);
	return Promise.resolve();
};
