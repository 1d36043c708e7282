// The metrics of a server in Prometheus' text format: made by prom-client of the plain counts, when somebody asks.
import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";
import { VERSION } from "../../version.js";
import type { Instance } from "../instance/instance.js";
import type { Registry as Instances } from "../instance/registry.js";
import { OUTCOMES } from "./counts.js";

const PREFIX = "gitlab_oidc_mock_";

/** One for the process, whichever of its servers is asked: prom-client watches the event loop and the garbage collector for it. */
let ofProcess: Registry | undefined;

const ofServers = new WeakMap<Instances, Registry>();

/** The text, with the numbers of this moment. */
export async function metricsText(instances: Instances): Promise<string> {
	if (!ofProcess) {
		ofProcess = new Registry();
		collectDefaultMetrics({ register: ofProcess });
	}
	let server = ofServers.get(instances);
	if (!server) {
		server = registryOf(instances);
		ofServers.set(instances, server);
	}
	return `${(await server.metrics()).trimEnd()}\n\n${await ofProcess.metrics()}`;
}

function registryOf(instances: Instances): Registry {
	const register = new Registry();
	const { counts, settings } = instances.root;
	const gauge: AddGauge = (name, help, read) =>
		new Gauge({
			name: PREFIX + name,
			help,
			registers: [register],
			collect() {
				this.set(read());
			},
		});

	new Gauge({
		name: `${PREFIX}info`,
		help: "Always 1: the version of the mock, and of the GitLab at the root",
		labelNames: ["version", "gitlab_version"],
		registers: [register],
	}).set({ version: VERSION, gitlab_version: settings.version }, 1);
	new Counter({
		name: `${PREFIX}requests_total`,
		help: "Requests that have ended, of all instances, by path below the instance and by status; none: the connection broke off",
		labelNames: ["path", "status"],
		registers: [register],
		collect() {
			this.reset();
			for (const [path, ended] of counts.requests)
				for (const [place, count] of ended.entries())
					if (count > 0)
						this.inc({ path, status: OUTCOMES[place] ?? "other" }, count);
		},
	});
	new Counter({
		name: `${PREFIX}tokens_total`,
		help: "Tokens that were made, by what a relying party owes their scenario",
		labelNames: ["expect"],
		registers: [register],
		collect() {
			this.reset();
			for (const [expect, count] of Object.entries(counts.tokens))
				this.inc({ expect }, count);
		},
	});
	gaugesOf(instances, gauge);
	return register;
}

type AddGauge = (name: string, help: string, read: () => number) => void;

function gaugesOf(instances: Instances, gauge: AddGauge): void {
	const { counts } = instances.root;
	const sum = (of: (instance: Instance) => number) => () =>
		[instances.root, ...instances.all()].reduce(
			(total, instance) => total + of(instance),
			0,
		);
	gauge(
		"keys_published",
		"Keys in the JWKS of all instances that have made theirs",
		sum(({ keys }) => keys.publishedNow()),
	);
	gauge(
		"faults_active",
		"Paths that answer wrongly now, of all instances",
		sum(({ faults }) => faults.count),
	);
	gauge(
		"instances",
		"Instances, with the one at the root",
		sum(() => 1),
	);
	gauge(
		"uptime_seconds",
		"How long the server has been there",
		() => (Date.now() - counts.since) / 1000,
	);
}
