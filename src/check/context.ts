// What the parts of a run share, and where they put what they find.
import type { Scenario } from "../scenario/schema.js";
import { skippedBy } from "../verdict/applicable.js";
import type { Troubled } from "../verdict/control-finding.js";
import type { JudgedProbe, JudgedScenario } from "../verdict/judged.js";
import type { Policy } from "../verdict/policy/schema.js";
import { CONTROL, type Controls, createControls } from "./control.js";
import type { ProvidedToken, TokenWishes } from "./provider.js";
import type { CheckSetup } from "./setup.js";

/** A scenario that a run asks, and how its token is made. */
export interface Question {
	scenario: Scenario;
	/** the scenario that is minted */
	base: string;
	/** and what is changed of it */
	wishes: TokenWishes;
}

/** What a run has found so far. */
interface Ledger {
	scenarios: JudgedScenario[];
	probes: JudgedProbe[];
	/** where the honest token was not accepted any more, for a while */
	troubles: Troubled[];
	notes: string[];
}

/** What the parts of a run share. A run that is made beside it has a relying party and an issuer of its own. */
export interface Run {
	setup: CheckSetup;
	policy: Policy;
	controls: Controls;
	ledger: Ledger;
	/** closes what runs beside it */
	lanes: Set<() => Promise<void>>;
	/** The honest token of this GitLab, or of one of another version. */
	honest(version?: string): Promise<ProvidedToken>;
	/** seconds within which the RP must be itself again */
	refresh: number;
	/** A scenario is done. */
	take(judged: JudgedScenario): void;
	/** A probe is done. */
	takeProbe(judged: JudgedProbe): void;
	/** Does what takes its time, and tells that it is waited for. */
	waitFor<Result>(what: string, work: () => Promise<Result>): Promise<Result>;
	/**
	 * Sees to it that the relying party accepts the honest token; what was wrong is a finding.
	 * @param after what it was sent before
	 * @throws ProvesNothing where it does not
	 */
	control(after: string): Promise<void>;
}

const REFRESH = 60; // seconds

type Probed = Parameters<typeof skippedBy>[0];

/**
 * The same, at its beginning.
 * @param questions the scenarios that will be asked, unless they are left out
 * @param probes those that will be made, unless they are left out
 */
export function createRun(
	setup: CheckSetup,
	questions: readonly Question[],
	probes: readonly Probed[],
): Run {
	const { selection = {}, onProgress } = setup;
	const ledger: Ledger = { scenarios: [], probes: [], troubles: [], notes: [] };
	const chosen = probes.filter((probe) => !skippedBy(probe, selection));
	const total = questions.length + chosen.length;
	let done = 0;
	let findings = 0;
	let current = "";
	const waiting = new Set<string>();
	const tell = () =>
		onProgress?.({ done, total, current, findings, waiting: [...waiting] });
	const tick = (id: string, found: boolean) => {
		done += 1;
		current = id;
		if (found) findings += 1;
		tell();
	};
	const run: Omit<Run, "controls" | "control" | "honest"> = {
		setup,
		policy: setup.profile.policy ?? {},
		ledger,
		lanes: new Set(),
		refresh: setup.profile.limits?.refresh ?? REFRESH,
		take(judged) {
			ledger.scenarios.push(judged);
			tick(judged.result.id, judged.finding !== undefined);
		},
		takeProbe(judged) {
			ledger.probes.push(judged);
			tick(judged.result.id, judged.finding !== undefined);
		},
		async waitFor(what, work) {
			waiting.add(what);
			tell();
			try {
				return await work();
			} finally {
				waiting.delete(what);
			}
		},
	};
	return withControls(run, setup);
}

/** The run with another relying party and the issuer that this one trusts; it finds into the same ledger. */
export const besides = (
	run: Run,
	{ provider, party }: Pick<CheckSetup, "provider" | "party">,
): Run => withControls(run, { ...run.setup, provider, party });

/** Made when they are first asked for, and kept: one for each version. */
function honestTokens({ provider, profile }: CheckSetup): Run["honest"] {
	const made = new Map<string | undefined, Promise<ProvidedToken>>();
	return (gitlab_version) => {
		const token =
			made.get(gitlab_version) ??
			provider.mint(CONTROL, {
				aud: profile.audience,
				...(gitlab_version !== undefined && { instance: { gitlab_version } }),
			});
		made.set(gitlab_version, token);
		return token;
	};
}

function withControls(
	run: Omit<Run, "controls" | "control" | "honest">,
	setup: CheckSetup,
): Run {
	const controls = createControls(setup, run.refresh);
	return {
		...run,
		setup,
		controls,
		honest: honestTokens(setup),
		async control(after) {
			const trouble = await controls.check();
			if (trouble) run.ledger.troubles.push({ after, trouble });
		},
	};
}
