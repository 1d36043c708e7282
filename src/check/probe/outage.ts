// Probe of an outage: the issuer is down, the relying party goes on with what it knows, and is itself again afterwards.
import { PATHS } from "../../gitlab/discovery.js";
import type { Probe } from "./probe.js";

export const outage: Probe = {
	id: "probe/outage",
	title: "goes on accepting known keys while the issuer is down, and recovers",
	level: "should",
	impact: "interoperability",
	kind: "strict",
	gain: "Each minute that GitLab is down, or restarts, the service is down as well.",
	spec: ["OpenID Connect Core §10.1.1", "RFC 7517 §5"],
	waits: false,
	async run({ provider, show, refresh, recovered, restart }) {
		await show();
		const down = { status: 503, body: "GitLab is down" };
		await provider.setFaults({ [PATHS.discovery]: down, [PATHS.keys]: down });
		const during = await show();
		const forged = await show("key/unknown-kid");
		await restart?.();
		const cold = await show("key/unknown-kid");
		await provider.setFaults({});
		const seconds = await recovered(refresh);
		const measured = {
			during: during.outcome,
			unknown: forged.outcome,
			cold: cold.outcome,
			recovered: seconds === undefined ? null : Number(seconds.toFixed(1)),
		};
		const detail = `an honest token was ${during.outcome} while the issuer was down${forged.outcome === "rejected" ? "" : `, one by an unknown key ${forged.outcome}`}, and ${seconds === undefined ? `still refused ${refresh} seconds after it was back` : `accepted ${seconds.toFixed(1)} seconds after it was back`}`;
		const isOpen = forged.outcome === "accepted" || cold.outcome === "accepted";
		if (isOpen) {
			return {
				outcome: "failed",
				level: "must",
				impact: "forgery",
				kind: "dangerous",
				gain: "Whoever takes the issuer down, or waits until it is, gets in with any token.",
				detail: `a token by an unknown key was accepted while the issuer was down${forged.outcome === "accepted" ? "" : ", after a restart"}`,
				measured,
			};
		}
		const isRight = during.outcome === "accepted" && seconds !== undefined;
		return { outcome: isRight ? "passed" : "failed", detail, measured };
	},
};
