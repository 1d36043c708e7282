// Opens a relying party under test for the length of a run: the one that a profile describes, or a function.
import { messageOf } from "../errors.js";
import type {
	RelyingParty,
	Surroundings,
	TrustedIssuer,
} from "./relying-party.js";
import { openStarted } from "./started.js";
import type { Command, TargetConfig } from "./target/config.js";
import { functionTarget, type Verify } from "./target/function.js";

export const DEFAULTS = { timeout: 10, start: 30, concurrency: 4 } as const; // seconds, tokens
/** What a probe asks at once, where a token does not cost a process. */
const MANY = 200;

/**
 * Opens the relying party that a profile describes.
 * @throws MockError where it cannot be started
 */
export async function openRelyingParty(
	around: Surroundings,
): Promise<RelyingParty> {
	const { target, start, limits = {} } = around.config;
	const { concurrency = DEFAULTS.concurrency, signal } = around;
	const atOnce =
		"command" in target ? concurrency : Math.max(MANY, concurrency);
	const party = await openStarted({
		target,
		start,
		env: environment(around),
		startTimeout: limits.start ?? DEFAULTS.start,
		targetOptions: {
			timeout: limits.timeout ?? DEFAULTS.timeout,
			connections: atOnce,
			ca: around.issuer.ca,
		},
		signal,
	});
	const copies = new Set<Promise<RelyingParty>>();
	const closing = new AbortController();
	const copy = (issuer: TrustedIssuer) => {
		const made = openRelyingParty({
			...around,
			issuer,
			signal: signal
				? AbortSignal.any([signal, closing.signal])
				: closing.signal,
		});
		copies.add(made);
		return made;
	};
	return {
		...party,
		restart:
			start !== undefined || !("http" in target) ? party.restart : undefined,
		copy: hasOwnPlace(target, start) ? copy : undefined,
		startsAnew: start !== undefined || "lines" in target,
		atOnce,
		async close() {
			closing.abort();
			const others = [...copies].map(async (made) => {
				await (await made.catch(() => undefined))?.close();
			});
			await Promise.all([party.close(), ...others]);
		},
	};
}

/** Whether two of the kind do not get in each other's way: one that is started listens where we tell it. */
function hasOwnPlace(target: TargetConfig, start: Command | undefined) {
	if ("http" in target) {
		return start !== undefined && JSON.stringify(target).includes("{port}");
	}
	return start === undefined || JSON.stringify(target).includes("PORT");
}

/** A relying party that is a function. */
export function relyingPartyOf(
	verify: Verify,
	options: {
		timeout?: number | undefined;
		restart?: (() => unknown) | undefined;
		concurrency?: number | undefined;
	},
): RelyingParty {
	const { timeout = DEFAULTS.timeout, restart, concurrency = 0 } = options;
	const target = functionTarget(verify, { timeout });
	return {
		...target,
		restart:
			restart &&
			(async () => {
				const begun = performance.now();
				try {
					await restart();
				} catch (error) {
					return { started: false, how: "ended", detail: messageOf(error) };
				}
				return { started: true, seconds: (performance.now() - begun) / 1000 };
			}),
		startsAnew: restart !== undefined,
		atOnce: Math.max(MANY, concurrency),
	};
}

function environment({ config, issuer, caFile }: Surroundings) {
	return {
		OIDC_ISSUER: issuer.issuer,
		OIDC_JWKS_URI: `${issuer.issuer}/oauth/discovery/keys`,
		OIDC_AUDIENCE: config.audience,
		...(caFile === undefined ? {} : { OIDC_CA_FILE: caFile }),
	};
}
