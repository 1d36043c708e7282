// Every request from its beginning to its end: it gets an id, is counted, and is told to whoever keeps a log.
import type { Context, Middleware } from "koa";
import { whenGone } from "../client-gone.js";
import { redactText } from "../instance/redact.js";
import type { Place } from "../instance/registry.js";
import type { OpenRequest } from "../instance/request-log.js";
import type { Counts } from "./counts.js";
import type { EndedRequest } from "./ended-request.js";
import { REQUEST_ID, requestId } from "./request-id.js";

/** Where a server's requests are told of. */
export interface Traffic {
	counts: Counts;
	/** is told of each request that has ended */
	log?: ((request: EndedRequest) => void) | undefined;
	/** believe the client's `X-Request-Id` */
	trustProxy?: boolean | undefined;
}

/** A request that is being answered. */
interface Visit {
	id: string;
	begun: number;
	place?: Place;
	entry?: OpenRequest;
}

const VISIT = "visit";

/** What is known of this request so far. */
export const visitOf = (ctx: Context): Visit => ctx.state[VISIT] as Visit;

/** Says in the answer which request it belongs to. */
export const nameRequest = (ctx: Context): void =>
	void ctx.res.setHeader(REQUEST_ID, visitOf(ctx).id);

export function observe(traffic: Traffic): Middleware {
	const { trustProxy = false } = traffic;
	return function observe(ctx, next) {
		const id = requestId(ctx.req.headers["x-request-id"], trustProxy);
		const visit: Visit = { id, begun: Date.now() };
		ctx.state[VISIT] = visit;
		whenGone(ctx, () => {
			const { writableFinished, statusCode } = ctx.res;
			end(ctx, visit, writableFinished ? statusCode : null, traffic);
		});
		return next();
	};
}

function end(
	{ req }: Context,
	{ id, begun, place, entry }: Visit,
	status: number | null,
	{ counts, log }: Traffic,
): void {
	entry?.end(status);
	const path = place?.path ?? parts(req.url)[0];
	counts.request(path, status);
	if (!log) return;
	const [, query] = parts(req.url);
	const { name = "", host = "" } = place?.instance.settings ?? {};
	log({
		time: new Date(begun).toISOString(),
		instance: name || host,
		method: String(req.method),
		path: redactText(path),
		query: redactText(query),
		status,
		duration: Date.now() - begun,
		requestId: id,
	});
}

/**
 * Tells of a request that never reached the application.
 * @returns its id
 */
export function observeRefused(
	{ counts, log }: Traffic,
	status: number,
	request: { method?: string | undefined; url?: string | undefined } = {},
): string {
	const id = requestId(undefined, false);
	const { method = null, url } = request;
	const [path, query] = parts(url);
	counts.request(path, status);
	log?.({
		time: new Date().toISOString(),
		instance: "",
		method,
		path: url === undefined ? null : redactText(path),
		query: redactText(query),
		status,
		duration: 0,
		requestId: id,
	});
	return id;
}

/** Path and query, whatever they are: Koa's own way throws where a URL is none. */
function parts(url = ""): [path: string, query: string] {
	const end = url.indexOf("?");
	return end < 0 ? [url, ""] : [url.slice(0, end), url.slice(end + 1)];
}
