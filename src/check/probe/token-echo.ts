// Probe of tokens that get out: an answer, an error or a log line that repeats the token.
import { setTimeout as sleep } from "node:timers/promises";
import { CONTROL } from "../control.js";
import { type Probe, said, unseen } from "./probe.js";

/** What is let in, and what is refused for several reasons, each of which may be told in words of its own. */
const SHOWN = [
	CONTROL,
	"time/expired",
	"signature/flipped-bit",
	"audience/other-service",
	"key/unknown-kid",
];
const WRITTEN = 100; // ms until what was printed has come

export const tokenEcho: Probe = {
	id: "probe/token-echo",
	title: "repeats no token in a refusal, an error or its log",
	level: "should",
	kind: "dangerous",
	impact: "replay",
	gain: "Whoever reads the log, of the service or of the job that called it, can use the token for as long as it is good.",
	spec: ["RFC 7519 §12", "RFC 6750 §5.3"],
	waits: false,
	needs: ["output"],
	async run({ mint, present, hasPrinted }) {
		const tokens: { scenario: string; token: string }[] = [];
		const answered: string[] = [];
		const lost: string[] = [];
		let isReturned = false;
		for (const scenario of SHOWN) {
			const { token } = await mint(scenario);
			const answer = await present(token);
			const { outcome, echoed = false } = answer;
			tokens.push({ scenario, token });
			// What is let in may be given back to whoever sent it, as a session or as a review of the token.
			if (echoed && outcome === "accepted") isReturned = true;
			else if (echoed) answered.push(scenario);
			if (
				outcome !== "accepted" &&
				(scenario === CONTROL || outcome !== "rejected")
			)
				lost.push(`${scenario} was ${said(answer)}`);
		}
		if (hasPrinted) await sleep(WRITTEN);
		const printed = tokens
			.filter(({ token }) => hasPrinted?.(token))
			.map(({ scenario }) => scenario);
		const measured = {
			answered: answered.length,
			printed: hasPrinted ? printed.length : null,
			returned: isReturned ? "yes" : "no",
		};
		const wrong = [
			answered.length > 0 &&
				`its answer repeats the token, or a part of it, of ${answered.join(", ")}`,
			printed.length > 0 &&
				`it prints the token, or a part of it, of ${printed.join(", ")}`,
		].filter((part) => part !== false);
		if (wrong.length > 0)
			return { outcome: "failed", detail: wrong.join(", and "), measured };
		if (lost.length > 0) return unseen(lost.join(", "), measured);
		const where = hasPrinted
			? "no refusal and nothing that it printed repeats a token"
			: "no refusal repeats a token; what it prints is not seen";
		return {
			outcome: isReturned ? "reported" : "passed",
			detail: isReturned
				? `${where}; its answer to an accepted token contains the token`
				: where,
			measured,
		};
	},
};
