// Probe of a verdict that is kept by the signature: other claims under the same one.
import type { Probe } from "./probe.js";
import { askAfterAcceptance, type Forge, partsOf } from "./verdict-kept.js";

export const otherPayload: Probe = {
	id: "probe/other-payload",
	title: "refuses other claims under a signature that it accepted before",
	level: "must",
	kind: "dangerous",
	impact: "forgery",
	gain: "Whoever has one token that is let in makes any other of it, for as long as the verdict is kept.",
	spec: ["RFC 7519 §7.2", "RFC 7515 §5.2"],
	waits: false,
	needs: [],
	run: (context) => askAfterAcceptance(context, FORGERIES),
};

const HOUR = 3600; // seconds

// Attack: the claims are not those that were signed.
const FORGERIES: Readonly<Record<string, Forge>> = {
	"the claims of another token": async (token, { mint }) => {
		const [header, , signature] = partsOf(token);
		const [, payload] = partsOf(await mint());
		return `${header}.${payload}.${signature}`;
	},
	"a later exp": (token) => {
		const [header, , signature] = partsOf(token);
		const { claims } = token;
		const later = { ...claims, exp: Number(claims.exp) + HOUR };
		const payload = Buffer.from(JSON.stringify(later)).toString("base64url");
		return `${header}.${payload}.${signature}`;
	},
};
