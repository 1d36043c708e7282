// The issuer that a check drives. The runner is handed one: a GitLab of this process, or a running server.
import type { JsonWebKey } from "node:crypto";
import type { FaultMap } from "../scenario/fault.js";
import type { Adjustment, Scenario } from "../scenario/schema.js";
import type { ShownToken } from "../verdict/answer.js";

/** A token, what it says, and the scenario that it is of. */
export interface ProvidedToken extends ShownToken {
	scenario: string;
}

/** A request that the issuer got. */
export interface ProvidedRequest {
	id: number;
	time: string;
	method: string;
	path: string;
	status: number | null;
}

/** What a token shall be like. */
export interface TokenWishes extends Adjustment {
	aud?: string | undefined;
}

/** An emulated GitLab and its controls. Its baseline job is the one that the RP lets in. */
export interface Provider {
	/** `iss` of its tokens */
	readonly issuer: string;
	/** where it is called by this process */
	readonly url: string;
	/** the GitLab that it emulates, such as `19.1` */
	readonly version: string;
	/** its catalogue, the ways of near misses included */
	readonly scenarios: readonly Scenario[];
	/** the certificate authority to trust, PEM, where it has TLS */
	readonly ca: string | undefined;
	/** how to reach a server again from a command line; undefined: one that ends with this process */
	readonly server: string | undefined;
	mint(scenario: string, wishes: TokenWishes): Promise<ProvidedToken>;
	/** what it publishes now */
	publicKeys(): Promise<readonly JsonWebKey[]>;
	/** seconds since the epoch */
	now(): Promise<number>;
	/** Takes these faults for all that were on. */
	setFaults(faults: FaultMap): Promise<void>;
	/** A new CI key signs and is published; gives the kid of the old one. */
	rotate(): Promise<string>;
	/** Withdraws a key. */
	retire(kid: string): Promise<void>;
	/** The first CI key signs again, and what was withdrawn is published. */
	restoreKeys(): Promise<void>;
	/** The requests that it got after the one with this id. */
	requests(since?: number): Promise<readonly ProvidedRequest[]>;
	/** Another GitLab of the same kind, with a URL, keys, clock and faults of its own; undefined where there is none. */
	fork?: (() => Promise<Provider>) | undefined;
	close(): Promise<void>;
}
