// Attack: the attacker's side, to which a token's jku and x5u lead. Who fetches it trusts what nobody vouches for;
// the instance's request log tells.
import { z } from "zod";
import { discoveryDocument } from "../../gitlab/discovery.js";
import { attackerOf } from "../../scenario/compile.js";
import { ATTACKER_PATHS } from "../../token/brought-key.js";
import { selfSigned } from "../../token/certificate.js";
import { unpublishedKey } from "../../token/keys.js";
import { route } from "./route.js";

const BASE = "/_mock/attacker";
const jwk = z.record(z.string(), z.unknown());

export const attackerRoutes = [
	route({
		method: "get",
		path: BASE + ATTACKER_PATHS.keys,
		summary: "The attacker's keys, to which `jku` leads",
		answer: z.object({ keys: z.array(jwk) }),
		handle: async () => ({ keys: [(await unpublishedKey()).jwk] }),
	}),
	route({
		method: "get",
		path: BASE + ATTACKER_PATHS.certificate,
		summary: "The attacker's certificate, to which `x5u` leads",
		answer: "application/x-pem-file",
		handle: async () => (await selfSigned(await unpublishedKey())).pem,
	}),
	route({
		method: "get",
		path: BASE + ATTACKER_PATHS.discovery,
		summary: "A discovery document of the instance with the attacker's keys",
		answer: jwk,
		handle({ place }) {
			const issuer = place.issuer();
			return {
				...discoveryDocument(issuer),
				jwks_uri: attackerOf(issuer) + ATTACKER_PATHS.keys,
			};
		},
	}),
];
