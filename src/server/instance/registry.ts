// The instances of a server: one at the root, others below a path or at a host name; each request finds its own.
import type { Context } from "koa";
import { MockError } from "../../errors.js";
import type { KeyPool } from "../../token/key-pool.js";
import {
	basePath,
	hostName,
	issuerOf,
	type Listening,
	originOf,
	urlOf,
} from "./address.js";
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
	/** the keys of further instances */
	readonly keys: KeyPool;
	/** Says where the server can be called, once that is known. */
	listensAt(listening: Listening): void;
	/** What an instance is called by whom knows only where the server listens: by https where there is a choice. */
	issuerOf(instance: Instance): string;
	/** Where its paths are found there, without TLS. */
	urlOf(instance: Instance): string;
	/**
	 * What the client of `ctx` is to call an instance, whichever one it asks.
	 * @throws MockError `invalid_request` where the client's Host is none
	 */
	issuerFor(instance: Instance, ctx: Context): string;
}

/** The most instances that a server has. */
const MOST_INSTANCES = 20_000;

/** @throws MockError `too_large` */
function checkRoom(instances: number): void {
	if (instances < MOST_INSTANCES) return;
	throw new MockError(
		"too_large",
		`there are ${MOST_INSTANCES} instances already; delete some`,
	);
}

/**
 * @param root the instance that answers where no other one does
 * @param keys makes those of the instances
 */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: its functions share the instances
export function createRegistry(root: Instance, keys: KeyPool): Registry {
	const byName = new Map<string, Instance>();
	const byHost = new Map<string, Instance>();
	const base = basePath(root);
	let listening: Listening = { http: "http://localhost" };
	const key = ({ settings }: Instance) =>
		settings.name || (settings.host ?? "");

	// Under a host instance's name there is that instance and no other: those below a path are found where the server listens.
	const originFor = (instance: Instance, ctx: Context): string =>
		byHost.size > 0 &&
		instance.settings.host === undefined &&
		byHost.has(hostName(ctx))
			? ((ctx.protocol === "https" ? listening.https : undefined) ??
				listening.http)
			: originOf(ctx);
	const issuerFor = (instance: Instance, ctx: Context): string =>
		instance.settings.issuer ??
		issuerOf(root, instance, originFor(instance, ctx));
	const place = (
		ctx: Context,
		instance: Instance,
		path: string,
		emulated: boolean,
	): Place => ({
		instance,
		path,
		emulated,
		issuer: () => issuerFor(instance, ctx),
	});

	return {
		root,
		keys,
		listensAt(at) {
			listening = at;
		},
		issuerOf: (instance) =>
			issuerOf(root, instance, listening.https ?? listening.http),
		urlOf: (instance) => urlOf(root, instance, listening.http),
		issuerFor,
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
			checkRoom(byName.size + byHost.size);
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
