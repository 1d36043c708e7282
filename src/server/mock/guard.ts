// Who may change an instance: the holder of the control token or, without one, no page of a foreign site.
import { createHash, timingSafeEqual } from "node:crypto";
import { isIP } from "node:net";
import { hostname } from "node:os";
import type { Context } from "koa";
import { MockError } from "../../errors.js";
import { hostName } from "../instance/address.js";
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

/**
 * Lets a change through.
 * @throws MockError `forbidden`, `unauthorized`; `conflict` at a replica
 */
export function guard(
	ctx: Context,
	registry: Registry,
	{ replica, controlToken, names = [] }: GuardOptions,
): void {
	if (replica) {
		throw new MockError(
			"conflict",
			"this is a replica: the others would not know of the change; start one without --replica to move its clock, its keys or its faults",
		);
	}
	if (controlToken !== undefined) {
		const given = /^Bearer (.+)$/i.exec(ctx.get("Authorization"))?.[1] ?? "";
		// Digests are of one length, so that the comparison takes the same time whatever was given.
		if (timingSafeEqual(digest(given), digest(controlToken))) return;
		ctx.set("WWW-Authenticate", "Bearer");
		throw new MockError(
			"unauthorized",
			"changes need the control token: Authorization: Bearer …",
		);
	}
	const host = hostName(ctx);
	if (!isOwn(host, registry, names)) {
		throw new MockError(
			"forbidden",
			`changes are not possible under the name ${host.slice(0, 100)}: call the server by its address, or start it with --control-token`,
		);
	}
	const origin = ctx.get("Origin");
	if (
		origin !== "" &&
		(!URL.canParse(origin) || new URL(origin).hostname !== host)
	) {
		throw new MockError(
			"forbidden",
			"changes are not possible from a page of another site",
		);
	}
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
