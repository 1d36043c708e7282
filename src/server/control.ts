// The library's controls of a running GitLab, in the same words as the paths below /_mock.
import { type ClockState, type MovableClock, parseDuration } from "../clock.js";
import { MockError } from "../errors.js";
import { type FaultMap, faultsSchema } from "../scenario/fault.js";
import { issueText } from "../scenario/schema-issue.js";
import {
	type KeySet,
	type PublicJwk,
	publicKeys,
	publicPem,
	type SigningKey,
} from "../token/keys.js";
import type { KeyRole, RotationOrder } from "../token/rotation.js";
import type { Faults } from "./instance/faults.js";
import type { KeyRing } from "./instance/key-ring.js";
import { keySteps } from "./instance/key-steps.js";
import type {
	RequestEntry,
	RequestFilter,
	RequestLog,
} from "./instance/request-log.js";

/** A duration: seconds, or text such as `5m` or `-1h30m`. */
export type Duration = number | string;

const seconds = (duration: Duration): number =>
	typeof duration === "number" ? duration : parseDuration(duration);

export interface ClockControl {
	/** seconds since the epoch */
	now(): number;
	/** Stands still, now or at a time: seconds since the epoch, or a Date. */
	freeze(at?: number | Date): void;
	/** Runs, so far ahead of the machine's clock (negative: behind). */
	offset(by: Duration): void;
	/** Moves on, standing still or not. */
	advance(by: Duration): void;
	/** Has its own time again. */
	reset(): void;
	state(): ClockState;
}

export const clockControl = (clock: MovableClock): ClockControl => ({
	now: () => clock.now(),
	freeze: (at) => clock.freeze(at instanceof Date ? at.getTime() / 1000 : at),
	offset: (by) => clock.shift(seconds(by)),
	advance: (by) => clock.advance(seconds(by)),
	reset: () => clock.reset(),
	state: () => clock.state(),
});

/** The public half of a key. */
export interface PublicKey {
	kid: string;
	jwk: PublicJwk;
	/** SubjectPublicKeyInfo, PEM */
	pem: string;
}

export interface KeysControl {
	/** what the instance publishes now */
	readonly jwks: { keys: PublicJwk[] };
	/** signs sign-ins now */
	readonly signIn: PublicKey;
	/** signs CI/CD ID tokens now */
	readonly ci: PublicKey;
	/** A new key takes over; the old one stays published until it is retired. Gives the new one. */
	rotate(options?: {
		key?: KeyRole;
		order?: RotationOrder;
	}): Promise<PublicKey>;
	/** Signs with this key from now on. */
	sign(kid: string, key?: KeyRole): Promise<void>;
	/** Puts a key into the JWKS. */
	publish(kid: string): Promise<void>;
	/** Takes a key out of the JWKS. */
	retire(kid: string): Promise<void>;
	/** Publishes one more key, which never signs. */
	add(): Promise<PublicKey>;
	/** Another key under the same kid. */
	replace(kid: string): Promise<void>;
}

export function keysControl(ring: KeyRing, initial: KeySet): KeysControl {
	const steps = keySteps(ring);
	let known = initial;
	const now = (): KeySet => {
		const current = ring.current();
		if (!(current instanceof Promise)) known = current;
		return known;
	};
	return {
		get jwks() {
			return publicKeys(now());
		},
		get signIn() {
			return publicKey(now().signIn);
		},
		get ci() {
			return publicKey(now().ci);
		},
		rotate: async (options) => publicKey((await steps.rotate(options)).key),
		sign: async (kid, key) => void (await steps.sign(kid, key)),
		publish: async (kid) => void (await steps.publish(kid)),
		retire: async (kid) => void (await steps.retire(kid)),
		add: async () => publicKey((await steps.add()).key),
		replace: async (kid) => void (await steps.replace(kid)),
	};
}

const publicKey = (key: SigningKey): PublicKey => ({
	kid: key.kid,
	jwk: key.jwk,
	pem: publicPem(key),
});

export interface FaultsControl {
	/** Takes these faults, by path, for all that were on. */
	set(faults: FaultMap): void;
	/** Ends all faults, or that of one path. */
	remove(path?: string): void;
	current(): FaultMap;
}

export const faultsControl = (faults: Faults): FaultsControl => ({
	set(map) {
		const checked = faultsSchema.safeParse(map);
		if (!checked.success) {
			throw new MockError(
				"invalid_request",
				issueText(checked.error, "faults"),
			);
		}
		faults.set(checked.data);
	},
	remove: (path) => faults.remove(path),
	current: () => faults.current(),
});

export interface RequestsControl {
	/** How many requests a path got; without one, how many there were. Of those that are kept. */
	count(path?: string): number;
	list(filter?: RequestFilter): RequestEntry[];
	/** The requests that fit, as soon as there is one; none after the time, 10 s unless given. */
	wait(filter?: RequestFilter, atMost?: Duration): Promise<RequestEntry[]>;
	clear(): void;
}

export const requestsControl = (log: RequestLog): RequestsControl => ({
	count: (path) => log.list({ path }).length,
	list: (filter) => log.list(filter),
	wait: (filter = {}, atMost = 10) => log.wait(filter, 1000 * seconds(atMost)),
	clear: () => log.clear(),
});
