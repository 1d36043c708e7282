// Probe of a verdict that is kept by header and claims: the token again, with another signature.
import type { Probe } from "./probe.js";
import { askAfterAcceptance, type Forge, partsOf } from "./verdict-kept.js";

export const otherSignature: Probe = {
	id: "probe/other-signature",
	title: "refuses a token that it accepted before, if it has another signature",
	level: "must",
	kind: "dangerous",
	impact: "forgery",
	gain: "Who knows what a token says, which is no secret, gets in without its signature.",
	spec: ["RFC 7519 §7.2", "RFC 7515 §5.2"],
	waits: false,
	needs: [],
	run: (context) => askAfterAcceptance(context, FORGERIES),
};

// Attack: the signature does not belong to the rest.
const FORGERIES: Readonly<Record<string, Forge>> = {
	"a bit of its signature flipped": (token) => {
		const [header, payload, signature] = partsOf(token);
		const bytes = Buffer.from(signature, "base64url");
		const middle = Math.floor(bytes.length / 2);
		bytes[middle] = (bytes[middle] ?? 0) ^ 1;
		return `${header}.${payload}.${bytes.toString("base64url")}`;
	},
	"the signature of another token": async (token, { mint }) => {
		const [header, payload] = partsOf(token);
		const [, , signature] = partsOf(await mint());
		return `${header}.${payload}.${signature}`;
	},
	"an empty signature": (token) => {
		const [header, payload] = partsOf(token);
		return `${header}.${payload}.`;
	},
};
