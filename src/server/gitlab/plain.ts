// The plain answer, which nearly every request for discovery and keys gets: headers prepared once, sent at once.
// Where there is a fault, a condition, another method or a time of its own, it leaves the answer to the endpoints.
import type { Middleware } from "koa";
import { PATHS } from "../../gitlab/discovery.js";
import { placeOf } from "../instance/locate.js";
import type { Place } from "../instance/registry.js";
import { discoveryOf } from "./discovery.js";
import type { JsonDocument } from "./document.js";
import { jwksOf } from "./keys.js";

const DOCUMENTS = new Map<string, (place: Place) => JsonDocument | undefined>([
	[PATHS.discovery, discoveryOf],
	[PATHS.authorizationServer, discoveryOf],
	[PATHS.keys, jwksOf],
]);

const SENT = Promise.resolve();

export const plainAnswers: Middleware = function plainAnswers(ctx, next) {
	const { req, res } = ctx;
	const place = placeOf(ctx);
	const find = place.emulated ? DOCUMENTS.get(place.path) : undefined;
	if (
		find === undefined ||
		req.method !== "GET" ||
		req.headers["if-none-match"] !== undefined ||
		place.instance.faults.any ||
		res.hasHeader("Date")
	)
		return next();
	const document = orNothing(() => find(place));
	if (!document) return next();
	res.writeHead(200, document.head).end(document.body);
	return SENT; // Koa sees that it has ended
};

/** Why there is none, the endpoint finds out again, and tells. */
function orNothing<T>(make: () => T): T | undefined {
	try {
		return make();
	} catch {
		return undefined;
	}
}
