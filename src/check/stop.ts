// A check that is stopped from outside ends at once, and what is left of it does nothing more.

import { STOPPED } from "../verdict/control-finding.js";
import { ProvesNothing } from "./control.js";
import type { Provider } from "./provider.js";
import type { CheckSetup } from "./setup.js";

/** A set-up that a signal ends. */
export interface Abortable {
	setup: CheckSetup;
	/** Rejects when the signal aborts; otherwise it never settles. */
	stopped: Promise<never>;
}

/** The same set-up, whose issuer does nothing more once `signal` has aborted: what is left must not undo the tidying. */
export function abortable(setup: CheckSetup): Abortable {
	const { signal, provider } = setup;
	const stopped = new Promise<never>((_, reject) => {
		const stop = () => reject(reasonOf(signal));
		if (signal?.aborted) stop();
		signal?.addEventListener("abort", stop, { once: true });
	});
	stopped.catch(() => undefined); // it may abort when nobody waits any more
	return {
		setup: signal ? { ...setup, provider: until(signal, provider) } : setup,
		stopped,
	};
}

const reasonOf = (signal: AbortSignal | undefined) =>
	new ProvesNothing(
		typeof signal?.reason === "string"
			? `${STOPPED}: ${signal.reason}.`
			: `${STOPPED}.`,
	);

function until(signal: AbortSignal, provider: Provider): Provider {
	const unlessStopped =
		<Args extends unknown[], Result>(
			work: (...args: Args) => Promise<Result>,
		) =>
		async (...args: Args): Promise<Result> => {
			if (signal.aborted) throw reasonOf(signal);
			return work(...args);
		};
	const { fork } = provider;
	return {
		...provider,
		mint: unlessStopped(provider.mint),
		setFaults: unlessStopped(provider.setFaults),
		rotate: unlessStopped(provider.rotate),
		retire: unlessStopped(provider.retire),
		restoreKeys: unlessStopped(provider.restoreKeys),
		// An RP beside that has gone with the rest is not waited for either.
		...(fork && {
			fork: unlessStopped(async () => {
				const other = await fork();
				return other && until(signal, other);
			}),
		}),
	};
}
