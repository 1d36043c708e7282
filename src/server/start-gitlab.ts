// The library's way in: a GitLab for a test suite, as one disposable object.

import { inTurn } from "../in-turn.js";
import {
	type InCamelCase,
	inSnakeCase,
	refuseUnknown,
} from "../option-names.js";
import type { Catalogue } from "../scenario/catalogue.js";
import { type MintedToken, mintToken } from "../scenario/mint.js";
import { isTemplate } from "../scenario/near/template.js";
import type { Named } from "../scenario/scenario-name.js";
import type {
	Adjustment,
	JobDifferences,
	Scenario,
} from "../scenario/schema.js";
import type { KeySet } from "../token/keys.js";
import {
	type ClockControl,
	clockControl,
	type FaultsControl,
	faultsControl,
	type KeysControl,
	keysControl,
	type RequestsControl,
	requestsControl,
} from "./control.js";
import { addInstance } from "./instance/add-instance.js";
import { checkedConfig, type InstanceConfig } from "./instance/config.js";
import { type Instance, minting } from "./instance/instance.js";
import type { Registry } from "./instance/registry.js";
import { queueUp } from "./mock/token.js";
import type { Situation } from "./pipeline/job-tokens.js";
import { startServer } from "./start.js";
import { START_OPTIONS, type StartOptions } from "./start-options.js";

/** What a token shall be like, beyond its scenario. */
export interface TokenOptions extends Adjustment {
	/** `aud`: a string stays a string, a list a list, even of one */
	aud?: string | string[] | undefined;
	/** settings as on the command line, such as `ref=main` */
	set?: readonly string[] | undefined;
	/** how the baseline job differs from the built-in one, as in `job` of a scenario */
	baseline?: JobDifferences | undefined;
}

/** What an instance is to be like; what is left out is as at the root. */
export type InstanceOptions = InCamelCase<InstanceConfig>;

/**
 * A running GitLab, or one of its instances. `Own` are the ids of one's own scenarios: a misspelt name is an error of
 * the compiler where the text is literal.
 */
export interface GitLab<Own extends string = never> extends AsyncDisposable {
	/** its URL, and `iss` of its tokens; with `tls`, the https one */
	issuer: string;
	/** where its paths are found without TLS, whatever `issuer` says; the mock's own are below `/_mock/` */
	url: string;
	/** the certificate authority to trust, PEM, if it made one for `tls` */
	ca: string | undefined;
	/** every scenario, in the order of the ids */
	readonly scenarios: readonly Scenario[];
	/** the ways of comparing sloppily; a token is asked for with a claim, such as `near/prefix:project_path` */
	readonly nearMisses: readonly Scenario[];
	/** its time */
	clock: ClockControl;
	/** its keys: public parts, and what can happen to them */
	keys: KeysControl;
	/** which of its paths answer wrongly, late or not at all */
	faults: FaultsControl;
	/** what it was asked */
	requests: RequestsControl;
	/**
	 * Takes the faults of a scenario's `instance` block, for all that were on: keys that it needs published,
	 * endpoints that misbehave. `faults.remove()` ends them.
	 * @throws MockError `unknown_scenario`
	 */
	play<Name extends string>(scenario: Named<Name, Own>): void;
	/**
	 * Makes a token.
	 * @param scenario default the next in the queue, or `valid/baseline`
	 * @throws MockError `unknown_scenario`; `invalid_request` or `invalid_scenario` where the options do not fit
	 */
	token<Name extends string>(
		scenario?: Named<Name, Own>,
		options?: TokenOptions,
	): Promise<string>;
	/** The same, with its header and claims beside it. */
	mint<Name extends string>(
		scenario?: Named<Name, Own>,
		options?: TokenOptions,
	): Promise<MintedToken>;
	/**
	 * Makes the ID tokens of a job in a pipeline file, by the names of their variables. Reads the file as GitLab does:
	 * https://docs.gitlab.com/ci/yaml/#id_tokens. Warnings go to `report`.
	 *
	 * @example
	 * const { VAULT_ID_TOKEN } = await gitlab.jobTokens(".gitlab-ci.yml", "deploy", { tag: "v1.2.3" });
	 *
	 * @param file path of a `.gitlab-ci.yml`; its local includes are read too
	 * @param job its name; of a job with `parallel:matrix` the whole one, such as `deploy: [aws, eu]`
	 * @param situation on what the pipeline runs; default the git checkout around the file
	 * @throws MockError `invalid_pipeline` with file, line and job; `unknown_job`; `file`; `too_large`; as `token`
	 */
	jobTokens(
		file: string,
		job: string,
		situation?: Situation,
	): Promise<Record<string, string>>;
	/** Queues scenarios: the next requests for a token that name none get them. */
	next<Name extends string>(...scenarios: Named<Name, Own>[]): void;
	/** Puts clock, faults, requests and queue back to the start; the keys too, if asked. */
	reset(what?: { keys?: boolean }): void;
	/**
	 * Makes one more GitLab in this process, below a path of the server's (or with `host`), with keys of its own.
	 * An instance makes one beside itself.
	 */
	instance(nameOrConfig?: string | InstanceOptions): Promise<GitLab<Own>>;
	/** Stops it within a second (an instance: drops it); `await using` does so too. */
	close(): Promise<void>;
}

/**
 * Starts a GitLab on a free port of the loopback address.
 *
 * @example
 * await using gitlab = await startGitLab({ audience: "https://rp.example.com" });
 * const jwt = await gitlab.token("ref/protected-tag");
 *
 * @example
 * // with a folder of one's own, whose ids are then known to the compiler as well
 * const gitlab = await startGitLab<"deploy/from-staging">({ scenarios: ["mine"] });
 *
 * @throws MockError where an option, a file or the address does not do
 */
export async function startGitLab<Own extends string = never>(
	options: StartOptions = {},
): Promise<GitLab<Own>> {
	refuseUnknown(options, START_OPTIONS, "startGitLab");
	const server = await startServer(options);
	const catalogue = await server.ready.catch(async (error) => {
		await server.close();
		throw error;
	});
	const { registry } = server;
	const { root } = registry;
	return gitLab(root, {
		catalogue,
		keys: await root.keys.current(),
		registry,
		report: options.report,
		close: server.close,
	});
}

interface Surroundings {
	catalogue: Catalogue;
	keys: KeySet;
	registry: Registry;
	report: StartOptions["report"];
	close(): Promise<void>;
}

function gitLab(instance: Instance, around: Surroundings): GitLab {
	const { catalogue, registry } = around;
	const issuer = registry.issuerOf(instance);
	const mint: GitLab["mint"] = async (scenario, tokenOptions = {}) => {
		const { aud, set, baseline, ...blocks } = tokenOptions;
		const request = {
			scenario: scenario ?? instance.nextScenario(),
			aud,
			set,
			baseline,
			blocks,
		};
		return minting(instance, issuer, (ready) => mintToken(ready, request));
	};
	return {
		issuer,
		url: registry.urlOf(instance),
		ca: registry.root.settings.ca,
		get scenarios() {
			return catalogue.all().filter((scenario) => !isTemplate(scenario));
		},
		get nearMisses() {
			return catalogue.all().filter(isTemplate);
		},
		clock: clockControl(instance.clock),
		keys: keysControl(instance.keys, around.keys),
		faults: faultsControl(instance.faults),
		requests: requestsControl(instance.requests),
		play: (name) =>
			instance.faults.set(catalogue.find(name).instance?.faults ?? {}),
		mint,
		token: async (scenario, tokenOptions) =>
			(await mint(scenario, tokenOptions)).token,
		async jobTokens(file, job, situation) {
			const { jobTokens } = await inTurn(
				() => import("./pipeline/job-tokens.js"),
			);
			return minting(instance, issuer, (ready) =>
				jobTokens(ready, file, job, situation, around.report),
			);
		},
		next: (...names) =>
			void queueUp(
				instance.queue,
				names.map((name) => catalogue.find(name).id),
			),
		reset: (what) => instance.reset(what),
		async instance(nameOrConfig = {}) {
			const config =
				typeof nameOrConfig === "string"
					? { name: nameOrConfig }
					: inSnakeCase<InstanceConfig>(nameOrConfig, "instance");
			const made = await addInstance(registry, checkedConfig(config));
			const { name, host } = made.settings;
			return gitLab(made, {
				...around,
				keys: await made.keys.current(),
				close: async () => void registry.remove(name || (host as string)),
			});
		},
		close: around.close,
		[Symbol.asyncDispose]: around.close,
	};
}
