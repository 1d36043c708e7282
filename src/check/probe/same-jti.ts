// Probe of a verdict that is kept by jti: other tokens that bear the jti of one that was let in.
import type { Probe } from "./probe.js";
import { askAfterAcceptance, type Forge } from "./verdict-kept.js";

export const sameJti: Probe = {
	id: "probe/same-jti",
	title: "refuses other tokens with the jti of one that it accepted before",
	level: "must",
	kind: "dangerous",
	impact: "forgery",
	gain: "Whoever has seen a jti, which stands in logs, gets in with any token that bears it.",
	spec: ["RFC 7519 §4.1.7", "RFC 7519 §7.2"],
	waits: false,
	needs: [],
	run: (context) => askAfterAcceptance(context, FORGERIES),
};

// Attack: nothing but the jti is that of a good token.
const withJtiOf =
	(scenario: string): Forge =>
	async ({ claims }, { mint }) => {
		const wishes = { token: { claims: { jti: String(claims.jti) } } };
		return (await mint(scenario, wishes)).token;
	};

const FORGERIES: Readonly<Record<string, Forge>> = {
	"its jti and a signature by another key": withJtiOf(
		"key/known-kid-other-key",
	),
	"its jti and a passed exp": withJtiOf("time/expired"),
	"its jti and another audience": withJtiOf("audience/other-service"),
};
