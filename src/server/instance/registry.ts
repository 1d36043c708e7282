// The instances of a server: one at the root, others below a path or at a host name; each request finds its own.
import type { Context } from "koa";
import { MockError } from "../../errors.js";
import type { Instance } from "./instance.js";

/** Where a request goes. */
export interface Place {
	instance: Instance;
	/** the path below the instance, as GitLab has it */
	path: string;
	/** false for a path that is the mock's own, beside a relative-URL GitLab */
	emulated: boolean;
	/**
	 * The instance's URL as this client calls it.
	 * @throws MockError `invalid_request` where the client's Host is none
	 */
	issuer(): string;
}

/** The instances of a server. */
export interface Registry {
	readonly root: Instance;
	locate(ctx: Context): Place;
	/** @throws MockError `invalid_request` where the name or host is taken, `too_large` where there are too many */
	add(instance: Instance): void;
	get(name: string): Instance | undefined;
	/** Forgets one; tells whether there was one. */
	remove(name: string): boolean;
	clear(): void;
	/** all but the one at the root */
	all(): Instance[];
	/** the URL of an instance whose client calls the root's `rootIssuer` */
	issuerOf(instance: Instance, rootIssuer: string): string;
}

/** The most instances that a server has. */
export const MOST_INSTANCES = 20_000;

const HOST =
	/^(\[[0-9a-f:.]{2,45}\]|[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?)(:\d{1,5})?$/i;

export function createRegistry(root: Instance): Registry {
	const byName = new Map<string, Instance>();
	const byHost = new Map<string, Instance>();
	const base =
		root.settings.issuer === undefined
			? ""
			: new URL(root.settings.issuer).pathname.replace(/\/$/, "");
	const key = ({ settings }: Instance) =>
		settings.name || (settings.host ?? "");

	const issuerOf = (instance: Instance, rootIssuer: string): string => {
		const { issuer, name } = instance.settings;
		return issuer ?? (name === "" ? rootIssuer : `${rootIssuer}/${name}`);
	};
	const place = (
		ctx: Context,
		instance: Instance,
		path: string,
		emulated: boolean,
	): Place => ({
		instance,
		path,
		emulated,
		issuer: () =>
			instance.settings.issuer ??
			issuerOf(
				instance,
				(instance.settings.host === undefined
					? root.settings.issuer
					: undefined) ?? originOf(ctx),
			),
	});

	return {
		root,
		issuerOf,
		locate(ctx) {
			const { path } = ctx;
			if (byHost.size > 0) {
				const named = byHost.get(hostName(ctx));
				if (named) return place(ctx, named, path, true);
			}
			const below = base !== "" && path.startsWith(`${base}/`);
			const rest = below ? path.slice(base.length) : path;
			const emulated = below || base === "";
			if (byName.size > 0) {
				const end = rest.indexOf("/", 1);
				const named = end > 0 ? byName.get(rest.slice(1, end)) : undefined;
				if (named) return place(ctx, named, rest.slice(end), emulated);
			}
			return place(ctx, root, rest, emulated);
		},
		add(instance) {
			const { name, host } = instance.settings;
			if (byName.has(name) || (host !== undefined && byHost.has(host))) {
				throw new MockError(
					"invalid_request",
					`there is an instance ${name || host} already; delete it first, or take another name`,
				);
			}
			if (byName.size + byHost.size >= MOST_INSTANCES) {
				throw new MockError(
					"too_large",
					`there are ${MOST_INSTANCES} instances already; delete some`,
				);
			}
			if (name === "" && host !== undefined) byHost.set(host, instance);
			else byName.set(name, instance);
		},
		get: (name) => byName.get(name) ?? byHost.get(name),
		remove(name) {
			return byName.delete(name) || byHost.delete(name);
		},
		clear() {
			byName.clear();
			byHost.clear();
		},
		all: () =>
			[...byName.values(), ...byHost.values()].sort((a, b) =>
				key(a) < key(b) ? -1 : 1,
			),
	};
}

let last = { given: "", protocol: "", origin: "" };

/** The server as the client called it: clients mostly ask in one name, so the last one is kept. */
function originOf({ app, headers, protocol }: Context): string {
	const forwarded = app.proxy ? headers["x-forwarded-host"] : undefined;
	const given = String(forwarded ?? headers.host ?? "");
	if (given !== last.given || protocol !== last.protocol) {
		last = { given, protocol, origin: `${protocol}://${checkedHost(given)}` };
	}
	return last.origin;
}

/** The Host as the client wrote it, or as a trusted proxy passes it on: Koa's own `host` mends it. */
function checkedHost(given: string): string {
	const host = given.split(",", 1)[0]?.trim() ?? "";
	if (host.length > 255 || !HOST.test(host)) {
		throw new MockError(
			"invalid_request",
			"the Host header is missing or is not a host name with an optional port",
		);
	}
	return host;
}

/** The host's name alone, in lower case; empty where there is none. */
export function hostName({ headers }: Pick<Context, "headers">): string {
	return String(headers.host ?? "")
		.replace(/:\d*$/, "")
		.toLowerCase();
}
