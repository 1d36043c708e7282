// How a server is started: the options of `serve` and of the library.
import type { Clock } from "../clock.js";
import type { Plan } from "../gitlab/plan.js";
import type { JobDifferences } from "../scenario/schema.js";
import type { TlsOptions } from "./tls.js";
import type { EndedRequest } from "./traffic/ended-request.js";

/** How to start a server. */
export interface StartOptions {
	/** address to listen on; default 127.0.0.1 */
	host?: string | undefined;
	/** default 0: any free port */
	port?: number | undefined;
	/** URL of the emulated GitLab; default what the client calls */
	issuer?: string | undefined;
	/**
	 * the instance's own URL, where `issuer` is what GitLab's setting `ci_id_tokens` says (18.1 and later): tokens have
	 * its host in `ci_config_ref_uri`; default the issuer
	 */
	gitlabUrl?: string | undefined;
	/** file of a private JWKS, made if missing; default keys of the process */
	keys?: string | undefined;
	/**
	 * It is one of several that have the same `keys`, which exist, behind a balancer: it refuses every change, since the
	 * others would not know of it; default false
	 */
	replica?: boolean | undefined;
	/** file of instances beside the one at the root, YAML or JSON */
	config?: string | undefined;
	/** needed by every request that changes something; default none */
	controlToken?: string | undefined;
	/** folders of scenarios of one's own; the last one wins */
	scenarios?: readonly string[] | undefined;
	/** `latest` (the default) or `major.minor` */
	gitlabVersion?: string | undefined;
	/** GitLab's subscription; default ultimate */
	plan?: Plan | undefined;
	/** `aud` of tokens whose request names none */
	audience?: string | undefined;
	/** how the baseline job of the scenarios differs from the built-in one */
	baseline?: JobDifferences | undefined;
	/** believe X-Forwarded-Proto, X-Forwarded-Host and X-Request-Id; default false */
	trustProxy?: boolean | undefined;
	tls?: TlsOptions | undefined;
	/** reread scenario files that change; default false */
	watch?: boolean | undefined;
	clock?: Clock | undefined;
	/** is told of each request that has ended, without secrets */
	log?: ((request: EndedRequest) => void) | undefined;
	/** is told what goes wrong, a line each */
	report?: ((line: string) => void) | undefined;
}

/** The names of all of them. */
export const START_OPTIONS: Readonly<Record<keyof StartOptions, true>> = {
	host: true,
	port: true,
	issuer: true,
	gitlabUrl: true,
	keys: true,
	replica: true,
	config: true,
	controlToken: true,
	scenarios: true,
	gitlabVersion: true,
	plan: true,
	audience: true,
	baseline: true,
	trustProxy: true,
	tls: true,
	watch: true,
	clock: true,
	log: true,
	report: true,
};
