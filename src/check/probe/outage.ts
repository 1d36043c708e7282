// Probe of an outage: the issuer is down, the relying party goes on with what it knows, and is itself again afterwards.
import { PATHS } from "../../gitlab/discovery.js";
import type { Answer } from "../../verdict/answer.js";
import { type Probe, type ProbeContext, said, unseen } from "./probe.js";

const DOWN = { status: 503, body: "GitLab is down" };

export const outage: Probe = {
	id: "probe/outage",
	title: "still accepts known keys while the issuer is down, and recovers",
	level: "should",
	kind: "too-strict",
	impact: "interoperability",
	gain: "Each minute that GitLab is down, or restarts, the service is down as well.",
	spec: ["OpenID Connect Core §10.1.1", "RFC 7517 §5"],
	waits: true,
	disturbs: true,
	needs: ["faults", "restart"],
	async run(context) {
		const { provider, show, refresh, recovered, restart } = context;
		const before = await show();
		if (before.outcome !== "accepted")
			return unseen(`before the outage an honest token was ${said(before)}`);
		await provider.setFaults({ [PATHS.discovery]: DOWN, [PATHS.keys]: DOWN });
		const during = await show();
		const forged = await show("key/unknown-kid");
		const cold = await askCold(context);
		await provider.setFaults({});
		if (cold === NOT_UP) await restart?.();
		const seconds = await recovered(refresh);
		const measured = {
			during: during.outcome,
			unknown: forged.outcome,
			cold: typeof cold === "object" ? cold.outcome : (cold ?? null),
			recovered: seconds === undefined ? null : Number(seconds.toFixed(1)),
		};
		const isOpenWarm = forged.outcome === "accepted";
		const isOpenCold = typeof cold === "object" && cold.outcome === "accepted";
		if (isOpenWarm || isOpenCold) {
			return {
				outcome: "failed",
				level: "must",
				kind: "dangerous",
				impact: "forgery",
				gain: "Whoever takes the issuer down, or waits until it is, gets in with any token.",
				detail: `a token by an unknown key was accepted while the issuer was down${isOpenWarm ? "" : ", after a restart"}`,
				measured,
			};
		}
		const detail = [
			`an honest token was ${during.outcome} while the issuer was down`,
			forged.outcome !== "rejected" &&
				`one by an unknown key got no verdict: ${said(forged)}`,
			cold === NOT_UP &&
				"after a restart meanwhile it did not start, and so accepted nobody",
			typeof cold === "object" &&
				cold.outcome !== "rejected" &&
				`after a restart one by an unknown key got no verdict: ${said(cold)}`,
			seconds === undefined
				? `an honest one still refused ${refresh} seconds after it was back`
				: `accepted ${seconds.toFixed(1)} seconds after it was back`,
		].filter((part) => part !== false);
		const isRight = during.outcome === "accepted" && seconds !== undefined;
		return {
			outcome: isRight ? "passed" : "failed",
			detail: detail.join(", "),
			measured,
		};
	},
};

const NOT_UP = "not up";

/** What it does with a token by an unknown key when it comes up during the outage; it may not come up at all. */
async function askCold({
	restart,
	mint,
	present,
}: ProbeContext): Promise<Answer | typeof NOT_UP | undefined> {
	if (restart === undefined) return undefined;
	// One that does not come up has failed closed; what else may be wrong shows when it is started after the outage.
	const isUp = await restart().then(
		({ started }) => started,
		() => false,
	);
	if (!isUp) return NOT_UP;
	const { token } = await mint("key/unknown-kid");
	const answer = await present(token, { mayBeDown: true });
	const { outcome } = answer;
	return outcome === "crashed" || outcome === "hung" ? NOT_UP : answer;
}
