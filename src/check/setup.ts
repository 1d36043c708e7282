// What a check is given, and how it tells how far it is.

import type { RelyingParty } from "../relying-party/relying-party.js";
import type { Selection } from "../verdict/applicable.js";
import type { Service } from "../verdict/service.js";
import type { Severity } from "../verdict/severity.js";
import type { Profile } from "./profile.js";
import type { Provider } from "./provider.js";

/** What a check needs. */
export interface CheckSetup {
	profile: Profile & { audience: string };
	provider: Provider;
	party: RelyingParty;
	selection?: Selection | undefined;
	severity?: Severity | undefined;
	/** tokens at once; default 4 */
	concurrency?: number | undefined;
	showTokens?: boolean | undefined;
	/** of this tool */
	version: string;
	/** what the reader has to know, such as what a preset could not follow */
	notes?: readonly string[] | undefined;
	/** which service it is, where its ways are known */
	service?: Service | undefined;
	/** the command, or the call, that asks one scenario or probe again */
	again?: ((id: string) => string) | undefined;
	/** ends the run: the result says what is known by then */
	signal?: AbortSignal | undefined;
	onProgress?: ((progress: CheckProgress) => void) | undefined;
}

/** How far a check is. */
interface CheckProgress {
	done: number;
	total: number;
	/** the scenario or probe that was done last */
	current: string;
	/** what takes its time: ids of scenarios and probes, or what the relying party has to do first */
	waiting: readonly string[];
	findings: number;
}
