// Finds the instance of a request, records the request, and lets the instance's faults happen.
import type { Context, Middleware } from "koa";
import type { Place, Registry } from "./registry.js";

const PLACE = "place";

/** The place that `locate` found for this request. */
export const placeOf = (ctx: Context): Place => ctx.state[PLACE] as Place;

// Who waits for requests, and who asks whether the server is there, is no client of GitLab's.
const UNRECORDED = new Set(["/_mock/requests", "/_mock/health"]);

export const locate = (registry: Registry): Middleware =>
	async function locate(ctx, next) {
		const place = registry.locate(ctx);
		const { instance, path } = place;
		ctx.state[PLACE] = place;
		if (instance.clock.moved) {
			ctx.set("Date", new Date(instance.clock.now() * 1000).toUTCString());
		}
		if (UNRECORDED.has(path)) return next();
		const request = instance.requests.begin({
			method: ctx.method,
			path,
			query: ctx.querystring,
			headers: ctx.headers,
		});
		const { res } = ctx;
		res.once("close", () => {
			if (!res.writableFinished) request.end(null); // it broke off
		});
		await next();
		const answered = ctx.respond !== false || res.writableEnded;
		if (!res.destroyed) request.end(answered ? ctx.status : null);
		return undefined;
	};
