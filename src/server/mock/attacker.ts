// Attack: the attacker's side, to which a token's jku and x5u lead. Who fetches it trusts what nobody vouches for;
// the instance's request log tells.
import { z } from "zod";
import { discoveryDocument, PATHS } from "../../gitlab/discovery.js";
import { attackerOf } from "../../scenario/compile.js";
import { ATTACKER_PATHS } from "../../token/brought-key.js";
import { selfSigned } from "../../token/certificate.js";
import { unpublishedKey } from "../../token/keys.js";
import { route } from "./route.js";

const BASE = "/_mock/attacker";
const OTHER_GITLAB = "/gitlab";
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
				...discoveryDocument(issuer, place.instance.settings.version),
				jwks_uri: attackerOf(issuer) + ATTACKER_PATHS.keys,
			};
		},
	}),
	// A GitLab of the attacker's own: consistent in itself, and nobody's to trust.
	route({
		method: "get",
		path: BASE + OTHER_GITLAB + PATHS.discovery,
		summary: "The discovery document of a GitLab of the attacker's",
		answer: jwk,
		handle: ({ place }) =>
			discoveryDocument(
				attackerOf(place.issuer()) + OTHER_GITLAB,
				place.instance.settings.version,
			),
	}),
	route({
		method: "get",
		path: BASE + OTHER_GITLAB + PATHS.keys,
		summary: "Its keys: the attacker's",
		answer: z.object({ keys: z.array(jwk) }),
		handle: async () => ({ keys: [(await unpublishedKey()).jwk] }),
	}),
];
