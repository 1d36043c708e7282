// GitLab's own endpoints: documents at fixed paths, most of them open to every origin.
import type { Middleware } from "koa";
import { placeOf } from "../instance/locate.js";
import { answerOtherMethod } from "../other-method.js";
import { authorizationServerOf, discoveryOf } from "./discovery.js";
import { METHODS, openToAll, serveDocument } from "./document.js";
import type { Endpoint } from "./endpoint.js";
import { keys } from "./keys.js";
import { isOpen, type Kind, kindAt } from "./paths.js";
import { webfinger } from "./webfinger.js";

const ENDPOINTS: Readonly<Record<Kind, Endpoint>> = {
	discovery: (ctx, place) => serveDocument(ctx, discoveryOf(place)),
	authorizationServer: (ctx, place) =>
		serveDocument(ctx, authorizationServerOf(place)),
	keys,
	webfinger,
};

/** GitLab's endpoints, for the instance that was found. */
export const gitlabEndpoints: Middleware = function gitlabEndpoints(ctx, next) {
	const place = placeOf(ctx);
	const kind = kindAt(place);
	if (!kind) return next();
	if (isOpen(kind, place)) openToAll(ctx);
	if (ctx.method === "GET" || ctx.method === "HEAD") {
		return Promise.resolve(ENDPOINTS[kind](ctx, place));
	}
	answerOtherMethod(ctx, METHODS);
	return Promise.resolve();
};
