// The relying party of rp.ts as `check` takes one: a function that throws, and a restart after which its cache is cold.
import type { CheckOptions } from "../src/index.js";
import { type Check, relyingParty } from "./rp.js";

export interface CorrectOptions {
	/** the check that is left out */
	omit?: Check | undefined;
	/** milliseconds that an answer of the issuer's may take */
	patience?: number;
	/** seconds by which its clock is late */
	late?: number;
	/** whose tokens it trusts, whatever it is told */
	issuer?: string | undefined;
}

/** A correct one, or one that leaves out a single check. */
export function correctParty({
	omit,
	patience = 500,
	late = 0,
	issuer: fixed,
}: CorrectOptions = {}): Required<Pick<CheckOptions, "verify" | "restart">> {
	let judge: ReturnType<typeof relyingParty> | undefined;
	return {
		async verify(token, { issuer, audience }) {
			judge ??= relyingParty({
				issuer: fixed ?? issuer,
				audience,
				now: () => Date.now() / 1000 - late,
				patience,
				omit,
			});
			const fault = await judge(token);
			if (fault !== undefined) throw new Error(fault);
		},
		restart() {
			judge = undefined;
		},
	};
}
