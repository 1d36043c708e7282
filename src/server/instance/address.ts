// What an instance is called: by the client of a request, and by whoever knows where the server listens.
import type { Context } from "koa";
import { MockError } from "../../errors.js";
import type { Instance } from "./instance.js";

/** Where a server can be called; `https` only where it has a certificate. */
export interface Listening {
	http: string;
	https?: string | undefined;
}

type Called = Pick<Context, "app" | "headers">;

/**
 * An instance's issuer, for whom calls the server at `origin`: the configured one; else its host name, or its path
 * below the root's issuer.
 */
export function issuerOf(
	root: Instance,
	{ settings }: Instance,
	origin: string,
): string {
	const { issuer, name, host } = settings;
	if (issuer !== undefined) return issuer;
	if (host !== undefined) return withHost(origin, host);
	const rootIssuer = root.settings.issuer ?? origin;
	return name === "" ? rootIssuer : `${rootIssuer}/${name}`;
}

/** Where an instance's paths are found, whatever its issuer is called, by whom calls the server at `origin`. */
export function urlOf(
	root: Instance,
	{ settings: { name, host } }: Instance,
	origin: string,
): string {
	if (host !== undefined) return withHost(origin, host);
	const url = origin + basePath(root);
	return name === "" ? url : `${url}/${name}`;
}

/** The path of a relative-URL GitLab: that of the root's issuer, without a slash at the end. */
export const basePath = ({ settings: { issuer } }: Instance): string =>
	issuer === undefined ? "" : new URL(issuer).pathname.replace(/\/$/, "");

/** `origin` with another host name and the same port. */
function withHost(origin: string, host: string): string {
	const url = new URL(origin);
	url.hostname = host;
	return url.origin;
}

const HOST =
	/^(\[[0-9a-f:.]{2,45}\]|[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?)(:\d{1,5})?$/i;

let last = { given: "", protocol: "", origin: "" };

/**
 * The server as the client called it. Clients mostly ask in one name, so the last one is kept.
 * @throws MockError `invalid_request` where the client's Host is none, or a proxy's protocol neither http nor https
 */
export function originOf(ctx: Called & Pick<Context, "protocol">): string {
	const { protocol } = ctx;
	const given = calledHost(ctx);
	if (given !== last.given || protocol !== last.protocol) {
		const origin = `${checkedProtocol(protocol)}://${checkedHost(given)}`;
		last = { given, protocol, origin };
	}
	return last.origin;
}

/** The name alone by which the client called, in lower case; empty where there is none. */
export const hostName = (ctx: Called): string =>
	calledHost(ctx).replace(/:\d*$/, "").toLowerCase();

/** The Host as the client wrote it, or as a trusted proxy passes it on: Koa's own `host` mends it. */
function calledHost({ app, headers }: Called): string {
	const forwarded = app.proxy ? headers["x-forwarded-host"] : undefined;
	const given = String(forwarded ?? headers.host ?? "");
	return given.split(",", 1)[0]?.trim() ?? "";
}

function checkedProtocol(protocol: string): string {
	if (protocol === "http" || protocol === "https") return protocol;
	throw new MockError(
		"invalid_request",
		"the X-Forwarded-Proto header is neither http nor https",
	);
}

function checkedHost(host: string): string {
	if (
		host.length > 255 ||
		!HOST.test(host) ||
		!URL.canParse(`http://${host}`) // [:::], 1.2.3.999, a:99999
	) {
		throw new MockError(
			"invalid_request",
			"the Host header is missing or is not a host name with an optional port",
		);
	}
	return host;
}
