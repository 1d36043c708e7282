// The plain answer, which nearly every request for discovery and keys gets: headers prepared once, sent at once.
// Where there is a fault, a condition, another method or a time of its own, it leaves the answer to the endpoints.
import type { Context, Middleware } from "koa";
import { hasOwnTime, placed, record } from "../instance/locate.js";
import type { Place, Registry } from "../instance/registry.js";
import { visitOf } from "../traffic/observe.js";
import { REQUEST_ID } from "../traffic/request-id.js";
import { authorizationServerOf, discoveryOf } from "./discovery.js";
import type { JsonDocument } from "./document.js";
import { jwksOf } from "./keys.js";
import { type Kind, kindAt } from "./paths.js";

const DOCUMENTS: Partial<
	Record<Kind, (place: Place) => JsonDocument | undefined>
> = {
	discovery: discoveryOf,
	authorizationServer: authorizationServerOf,
	keys: jwksOf,
};

const SENT = Promise.resolve();

export const plainAnswers = (registry: Registry): Middleware =>
	function plainAnswers(ctx, next) {
		const { headers, method } = ctx.req;
		if (method !== "GET" || headers["if-none-match"] !== undefined)
			return next();
		const found = find(ctx, registry);
		if (!found) return next();
		record(ctx, found.place);
		const { head, body } = found.document;
		ctx.res.writeHead(200, [...head, REQUEST_ID, visitOf(ctx).id]).end(body);
		return SENT; // Koa sees that it has ended
	};

/** The document that is asked for. Why there is none, those that follow find out again, and tell. */
function find(
	ctx: Context,
	registry: Registry,
): { place: Place; document: JsonDocument } | undefined {
	try {
		const place = placed(registry, ctx);
		const { instance } = place;
		const kind = kindAt(place);
		const make = kind && DOCUMENTS[kind];
		if (!make || instance.faults.any || hasOwnTime(instance)) return undefined;
		const document = make(place);
		return document && { place, document };
	} catch {
		return undefined;
	}
}
