// Brings a server up: keys in the background, sockets first, scenarios after.

import { stat } from "node:fs/promises";
import { systemClock } from "../clock.js";
import { MockError } from "../errors.js";
import { parseIssuer } from "../gitlab/issuer.js";
import { ownUrl } from "../gitlab/own-url.js";
import { parseVersion } from "../gitlab/version.js";
import { allImported, inTurn } from "../in-turn.js";
import { DEFAULT_AUDIENCE } from "../scenario/audience.js";
import type { Catalogue } from "../scenario/catalogue.js";
import { openKeyFile, readKeyFile } from "../token/key-file.js";
import { keyPool } from "../token/key-pool.js";
import { generateKeySet, type KeySet, unpublishedKey } from "../token/keys.js";
import { createInstance } from "./instance/instance.js";
import { createRegistry, type Registry } from "./instance/registry.js";
import type { StartOptions } from "./start-options.js";
import { type TlsMaterial, tlsMaterial } from "./tls.js";

/** A server that runs. */
export interface RunningServer {
	/** such as `http://127.0.0.1:8080` */
	url: string;
	tlsUrl: string | undefined;
	registry: Registry;
	/** resolves when keys, scenarios and instances are there; rejects where they cannot be had */
	ready: Promise<Catalogue>;
	/** stops within a second, whatever is open */
	close(): Promise<void>;
}

const KEPT_REQUESTS = 1000;

/**
 * Starts a server.
 * @throws MockError where an option, a file or the address does not do
 */
export async function startServer(
	options: StartOptions = {},
): Promise<RunningServer> {
	const { scenarios = [], report = () => {} } = options;
	const issuer =
		options.issuer === undefined ? undefined : parseIssuer(options.issuer);
	const version = parseVersion(options.gitlabVersion ?? "latest");
	const url = ownUrl(options, version);
	await Promise.all(scenarios.map(requireFolder));
	// The keys are made in the thread pool while the modules load.
	const keys = firstKeys(options);
	keys.catch(() => undefined); // `ready` tells, and something else may fail before it
	const tls = options.tls && (await tlsMaterial(options.tls, issuer));

	const listening = gate();
	const catalogue = listening.opened.then(() => load(scenarios, keys));
	const watching = options.watch
		? catalogue.then((loaded) => watch(loaded, report))
		: undefined;
	const pool = keyPool();
	const root = createInstance({
		name: "",
		issuer,
		url,
		version,
		plan: options.plan ?? "ultimate",
		audience: options.audience ?? DEFAULT_AUDIENCE,
		baseline: options.baseline,
		clock: options.clock ?? systemClock,
		keys,
		pool,
		catalogue,
		requests: KEPT_REQUESTS,
		ca: tls?.ca,
	});
	const registry = createRegistry(root, pool);
	const configured = options.config && addConfigured(registry, options.config);
	const ready = Promise.all([catalogue, keys, watching, configured]).then(
		([loaded]) => loaded,
	);
	ready.catch(() => undefined); // the caller may have closed before it looks
	const sockets = await open(registry, tls, options);
	registry.listensAt({ http: sockets.url, https: sockets.tlsUrl });
	listening.open();
	return {
		...sockets,
		registry,
		ready,
		async close() {
			const stopWatching = await watching?.catch(() => undefined);
			await Promise.all([sockets.close(), stopWatching?.()]);
			await allImported();
		},
	};
}

/** The keys of the root instance: new ones, or those of a file. */
function firstKeys({ keys, replica, config }: StartOptions): Promise<KeySet> {
	if (!replica) {
		return keys === undefined ? generateKeySet() : openKeyFile(keys);
	}
	if (keys === undefined || config !== undefined) {
		throw new MockError(
			"invalid_option",
			"--replica takes the keys that all replicas have (--keys FILE), and no instances beside the root (--config): their keys would differ",
		);
	}
	return readKeyFile(keys); // never made here: each replica would make its own
}

/** Listens for http and, with a certificate, for https. */
async function open(
	registry: Registry,
	tls: TlsMaterial | undefined,
	options: StartOptions,
): Promise<Pick<RunningServer, "url" | "tlsUrl" | "close">> {
	const { createApp } = await inTurn(() => import("./app.js"));
	const { listen } = await inTurn(() => import("./listen.js"));
	const { host = "127.0.0.1", trustProxy, controlToken, replica } = options;
	const names = [host, ...(options.tls?.names ?? [])];
	const app = createApp(registry, {
		trustProxy,
		controlToken,
		replica,
		names,
		report: options.report,
		log: options.log,
	});
	const traffic = { counts: registry.root.counts, log: options.log };
	const http = await listen(app, host, options.port ?? 0, traffic);
	const https =
		tls &&
		(await listen(app, host, options.tls?.port ?? 0, traffic, tls).catch(
			async (error) => {
				await http.close();
				throw error;
			},
		));
	return {
		url: http.url,
		tlsUrl: https?.url,
		async close() {
			await Promise.all([http.close(), https?.close()]);
		},
	};
}

/** The instances of a configuration file. */
async function addConfigured(registry: Registry, file: string): Promise<void> {
	const { readConfig } = await inTurn(
		() => import("./instance/read-config.js"),
	);
	const { addInstance } = await inTurn(
		() => import("./instance/add-instance.js"),
	);
	const { instances = [] } = await readConfig(file);
	for (const instance of instances) await addInstance(registry, instance);
}

/** The catalogue, once the sockets are open: reading it takes longer than answering discovery. */
async function load(
	folders: readonly string[],
	keys: Promise<KeySet>,
): Promise<Catalogue> {
	await keys; // which services ask for before tokens
	const { BUILT_IN, loadCatalogue } = await inTurn(
		() => import("../scenario/catalogue.js"),
	);
	const catalogue = await loadCatalogue([BUILT_IN, ...folders]);
	// The attacker's key is made before a request asks for it, and after the instance's own.
	unpublishedKey().catch(() => undefined);
	return catalogue;
}

async function watch(catalogue: Catalogue, report: (line: string) => void) {
	const { watchCatalogue } = await inTurn(() => import("./watch.js"));
	return watchCatalogue(catalogue, report);
}

async function requireFolder(folder: string): Promise<void> {
	const found = await stat(folder).catch(() => undefined);
	if (!found?.isDirectory()) {
		throw new MockError(
			"invalid_option",
			`there is no scenario folder ${folder}; make it, or name another with --scenarios`,
		);
	}
}

/** A promise that is resolved from outside. */
function gate(): { opened: Promise<void>; open: () => void } {
	let open = () => {};
	const opened = new Promise<void>((resolve) => {
		open = resolve;
	});
	return { opened, open };
}
