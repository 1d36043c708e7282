// Finds the instance of a request, records the request, and lets the instance's faults happen.
import type { Context, Middleware } from "koa";
import { systemClock } from "../../clock.js";
import { MockError } from "../../errors.js";
import { visitOf } from "../traffic/observe.js";
import type { Instance } from "./instance.js";
import type { Place, Registry } from "./registry.js";

/** The place that was found for this request. */
export const placeOf = (ctx: Context): Place => visitOf(ctx).place as Place;

// Who waits for requests, and who asks whether the server is there, is no client of GitLab's.
const UNRECORDED = new Set([
	"/_mock/requests",
	"/_mock/health",
	"/_mock/metrics",
]);

export const locate = (registry: Registry): Middleware =>
	function locate(ctx, next) {
		const place = placed(registry, ctx);
		const { instance, path } = place;
		if (hasOwnTime(instance)) {
			const now = new Date(instance.clock.now() * 1000);
			ctx.set("Date", now.toUTCString());
		}
		if (!UNRECORDED.has(path)) record(ctx, place);
		return next();
	};

/** Whether an instance's answers have a Date of their own. */
export const hasOwnTime = ({ clock, settings }: Instance): boolean =>
	clock.moved || settings.clock !== systemClock;

/** Puts a request into its instance's log, which is told how it ended when it has. */
export function record(ctx: Context, { instance, path }: Place): void {
	const { method, querystring, headers } = ctx;
	const visit = visitOf(ctx);
	visit.entry = instance.requests.begin({
		requestId: visit.id,
		method,
		path,
		query: querystring,
		headers,
	});
}

/**
 * Where a request goes, found once.
 * @throws MockError `invalid_request` for what HTTP/1.1 asks servers to refuse, and Node would in words of its own
 */
export function placed(registry: Registry, ctx: Context): Place {
	const visit = visitOf(ctx);
	if (visit.place) return visit.place;
	const { headers, httpVersion, url = "" } = ctx.req;
	if (headers.host === undefined && httpVersion === "1.1")
		throw new MockError("invalid_request", "the Host header is missing");
	if (!url.startsWith("/") && !URL.canParse(url))
		throw new MockError(
			"invalid_request",
			"what was asked for is neither a path nor a URL",
		);
	visit.place = registry.locate(ctx);
	return visit.place;
}
