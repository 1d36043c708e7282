// Who may change an instance: the holder of the control token or, without one, no page of a foreign site.
import { createHash, timingSafeEqual } from "node:crypto";
import { isIP } from "node:net";
import { hostname } from "node:os";
import type { Context } from "koa";
import { MockError } from "../../errors.js";
import { hostName, originOf } from "../instance/address.js";
import type { Registry } from "../instance/registry.js";

export interface GuardOptions {
	/** refuses every change: others answer under the same name, and would not know of it */
	replica?: boolean | undefined;
	/** required by everything that changes something; undefined: nobody is asked for one */
	controlToken?: string | undefined;
	/** host names that are the server's own */
	names?: readonly string[] | undefined;
}

const digest = (text: string) => createHash("sha256").update(text).digest();

/** Whether the control token was given. Without one that was configured, nobody holds it. */
export function holdsControlToken(
	ctx: Context,
	{ controlToken }: GuardOptions,
): boolean {
	if (controlToken === undefined) return false;
	const given = /^Bearer (.+)$/i.exec(ctx.get("Authorization"))?.[1] ?? "";
	// Digests are of one length, so that the comparison takes the same time whatever was given.
	return timingSafeEqual(digest(given), digest(controlToken));
}

/**
 * Lets a change through.
 * @param trusted whether the control token was given
 * @throws MockError `forbidden`, `unauthorized`; `conflict` at a replica
 */
export function guard(
	ctx: Context,
	registry: Registry,
	options: GuardOptions,
	trusted: boolean,
): void {
	if (options.replica) {
		throw new MockError(
			"conflict",
			"this is a replica: the others would not know of the change; start one without --replica to move its clock, its keys or its faults",
		);
	}
	if (options.controlToken !== undefined) {
		if (trusted) return;
		ctx.set("WWW-Authenticate", "Bearer");
		throw new MockError(
			"unauthorized",
			"changes need the control token: Authorization: Bearer …",
		);
	}
	const host = hostName(ctx);
	if (!isOwn(host, registry, options.names ?? [])) {
		throw new MockError(
			"forbidden",
			`changes are not possible under the name ${host.slice(0, 100)}: call the server by its address, or start it with --control-token`,
		);
	}
	refuseForeignPage(ctx, registry);
}

/**
 * Refuses a page of another origin: of another scheme, host or port. Every browser says which it is.
 * @throws MockError `forbidden`
 */
export function refuseForeignPage(ctx: Context, registry: Registry): void {
	const site = ctx.get("Sec-Fetch-Site");
	const origin = ctx.get("Origin");
	const own = ["", "none", "same-origin"].includes(site);
	if (own && (origin === "" || isOwnOrigin(origin, ctx, registry))) return;
	throw new MockError(
		"forbidden",
		"this is not possible from a page of another origin",
	);
}

function isOwnOrigin(
	origin: string,
	ctx: Context,
	registry: Registry,
): boolean {
	if (!URL.canParse(origin)) return false;
	const { issuer } = registry.root.settings;
	return [originOf(ctx), ...(issuer === undefined ? [] : [issuer])].some(
		(url) => new URL(url).origin === new URL(origin).origin,
	);
}

/** A name that no foreign site can have: an address, a name without a dot, or one that was configured. */
function isOwn(
	host: string,
	registry: Registry,
	names: readonly string[],
): boolean {
	const { issuer } = registry.root.settings;
	return (
		isIP(host.replace(/^\[|\]$/g, "")) !== 0 ||
		(host !== "" && !host.includes(".")) ||
		host.endsWith(".localhost") ||
		host === hostname().toLowerCase() ||
		(issuer !== undefined && host === new URL(issuer).hostname) ||
		names.includes(host) ||
		registry.get(host)?.settings.host === host
	);
}
