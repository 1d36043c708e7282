// The relying party under test for the length of a run: started, asked, started anew, stopped.
import type { Profile } from "./profile.js";
import type { Provider } from "./provider.js";
import { type RunningRelyingParty, startRelyingParty } from "./start-rp.js";
import { createTarget } from "./target/create.js";
import { functionTarget, type Verify } from "./target/function.js";
import type { Answer, Presentation, Target } from "./target/target.js";

/** A relying party that can be asked. */
export interface RelyingParty {
	readonly description: string;
	present(presentation: Presentation): Promise<Answer>;
	/** Makes it forget what it has fetched; undefined where that is impossible. */
	readonly restart: (() => Promise<void>) | undefined;
	close(): Promise<void>;
}

/** Where it finds the issuer's certificate authority, if there is one. */
export interface Surroundings {
	profile: Profile;
	provider: Provider;
	/** a file with `provider.ca` */
	caFile?: string | undefined;
}

const DEFAULTS = { timeout: 10, start: 30 }; // seconds

/**
 * Opens the relying party that a profile describes.
 * @throws MockError where it cannot be started
 */
export async function openRelyingParty(
	around: Surroundings,
): Promise<RelyingParty> {
	const { profile, provider } = around;
	const { target: config, start, limits = {} } = profile;
	if (config === undefined) throw new Error("a target is needed"); // the caller has seen to it
	const env = environment(around);
	const open = async (): Promise<{
		target: Target;
		running: RunningRelyingParty | undefined;
	}> => {
		const running =
			start === undefined
				? undefined
				: await startRelyingParty(start, {
						env,
						timeout: limits.start ?? DEFAULTS.start,
					});
		const target = createTarget(config, {
			port: running?.port,
			timeout: limits.timeout ?? DEFAULTS.timeout,
			env,
			ca: provider.ca,
		});
		return { target, running };
	};
	let current = await open();
	const close = async () => {
		await current.target.close();
		await current.running?.close();
	};
	const canRestart = start !== undefined || !("http" in config);
	return {
		description: current.target.description,
		present: (presentation) => current.target.present(presentation),
		restart: canRestart
			? async () => {
					await close();
					current = await open();
				}
			: undefined,
		close,
	};
}

/** A relying party that is a function. */
export function relyingPartyOf(
	verify: Verify,
	options: {
		timeout?: number | undefined;
		restart?: (() => unknown) | undefined;
	},
): RelyingParty {
	const { timeout = DEFAULTS.timeout, restart } = options;
	const target = functionTarget(verify, { timeout });
	return {
		description: target.description,
		present: (presentation) => target.present(presentation),
		restart: restart && (async () => void (await restart())),
		close: () => target.close(),
	};
}

function environment({ profile, provider, caFile }: Surroundings) {
	return {
		OIDC_ISSUER: provider.issuer,
		OIDC_JWKS_URI: `${provider.issuer}/oauth/discovery/keys`,
		OIDC_AUDIENCE: profile.audience as string,
		...(caFile === undefined ? {} : { OIDC_CA_FILE: caFile }),
	};
}
