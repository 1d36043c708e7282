// Attack: a header that brings its own key, or says where one is to be found (RFC 7515 §4.1.2 to §4.1.6).
import { selfSigned } from "./certificate.js";
import type { JoseHeader } from "./compact.js";
import type { Described } from "./described.js";
import type { KeySource } from "./key-source.js";
import { type SigningKey, unpublishedKey } from "./keys.js";

/** Where the attacker's keys are, below {@link TokenPlan.attacker}. */
export const ATTACKER_PATHS = {
	keys: "/keys",
	certificate: "/certificate.pem",
	discovery: "/.well-known/openid-configuration",
} as const;

/** The header members that bring a key: what each holds, of the attacker's key. */
const BRINGING = {
	jwk: {
		description: "the key itself (RFC 7515 §4.1.3)",
		make: ({ jwk }) => jwk,
	},
	x5c: {
		description: "a certificate of the key (RFC 7515 §4.1.6)",
		make: async (key) => [(await selfSigned(key)).der.toString("base64")],
	},
	jku: {
		description: "the URL of a JWKS that has the key (RFC 7515 §4.1.2)",
		make: (_, attacker) => attacker + ATTACKER_PATHS.keys,
	},
	x5u: {
		description: "the URL of a certificate of the key (RFC 7515 §4.1.5)",
		make: (_, attacker) => attacker + ATTACKER_PATHS.certificate,
	},
} as const satisfies Record<
	string,
	Described<(key: SigningKey, attacker: string) => unknown>
>;

export type BroughtKey = keyof typeof BRINGING;

/** The members by which a header can bring the key. */
export const BROUGHT_KEYS: Readonly<
	Record<BroughtKey, { description: string }>
> = BRINGING;

/** The member, as a header that is added to. */
export const bringKey = async (
	member: BroughtKey,
	attacker: string,
	source?: KeySource,
): Promise<JoseHeader> => ({
	[member]: await BRINGING[member].make(await unpublishedKey(source), attacker),
});
