// An instance's keys: public parts to read, and all that can happen to them.
import { z } from "zod";
import { MockError } from "../../errors.js";
import { type KeySet, publicPem } from "../../token/keys.js";
import * as rotation from "../../token/rotation.js";
import type { Instance } from "../instance/instance.js";
import { type KeySteps, keySteps, type NewKey } from "../instance/key-steps.js";
import { route } from "./route.js";

const PEM = "application/x-pem-file";

const keySchema = z.object({
	kid: z.string(),
	kty: z.string(),
	alg: z.string(),
	use: z.string(),
	n: z.string(),
	e: z.string(),
	published: z.boolean(),
	signs: z
		.array(z.enum(rotation.KEY_ROLES))
		.meta({ description: "which tokens it signs now" }),
});
const keysSchema = z.object({ keys: z.array(keySchema) });

const role = z.enum(rotation.KEY_ROLES);
const kid = z.string();

/** All keys that there ever were, and what each is for now. */
const describeKeys = (keys: KeySet) => ({
	keys: keys.known.map((key) => ({
		...key.jwk,
		published: keys.published.includes(key),
		signs: rotation.KEY_ROLES.filter(
			(name) => (name === "ci" ? keys.ci : keys.signIn) === key,
		),
	})),
});

/** The keys after one step. */
const after = async (
	instance: Instance,
	step: (steps: KeySteps) => Promise<KeySet | NewKey>,
) => {
	const done = await step(keySteps(instance.keys));
	return describeKeys("keys" in done ? done.keys : done);
};

export const keyRoutes = [
	route({
		method: "get",
		path: "/_mock/keys",
		summary: "Every key, whether it is published, and what it signs",
		answer: keysSchema,
		handle: async ({ instance }) => describeKeys(await instance.keys.current()),
	}),
	route({
		method: "get",
		path: "/_mock/keys/:file",
		summary: "A public key as PEM: KID.pem",
		answer: PEM,
		async handle({ ctx, instance }) {
			const { known, ci, signIn } = await instance.keys.current();
			const key = known.find(
				(candidate) => `${candidate.kid}.pem` === ctx.params.file,
			);
			if (key) return publicPem(key);
			throw new MockError(
				"not_found",
				`there is no such key; ${ci.kid}.pem signs CI/CD ID tokens, ${signIn.kid}.pem sign-ins`,
			);
		},
	}),
	route({
		method: "post",
		path: "/_mock/keys/rotate",
		summary:
			"A new key takes over; the old one stays published until it is retired",
		changes: true,
		body: z.strictObject({
			key: role.optional().meta({ description: "default ci" }),
			order: z.enum(rotation.ROTATION_ORDERS).optional().meta({
				description:
					"publish-first: the old key signs until /_mock/keys/sign; sign-first: the new one is published with /_mock/keys/publish; default at-once",
			}),
		}),
		answer: keysSchema,
		handle: ({ instance, body }) =>
			after(instance, (keys) => keys.rotate(body)),
	}),
	route({
		method: "post",
		path: "/_mock/keys/sign",
		summary: "Signs with this key from now on",
		changes: true,
		body: z.strictObject({ kid, key: role.optional() }),
		answer: keysSchema,
		handle: ({ instance, body }) =>
			after(instance, (keys) => keys.sign(body.kid, body.key)),
	}),
	route({
		method: "post",
		path: "/_mock/keys/publish",
		summary: "Puts this key into the JWKS",
		changes: true,
		body: z.strictObject({ kid }),
		answer: keysSchema,
		handle: ({ instance, body }) =>
			after(instance, (keys) => keys.publish(body.kid)),
	}),
	route({
		method: "post",
		path: "/_mock/keys/retire",
		summary: "Takes this key out of the JWKS",
		changes: true,
		body: z.strictObject({ kid }),
		answer: keysSchema,
		handle: ({ instance, body }) =>
			after(instance, (keys) => keys.retire(body.kid)),
	}),
	route({
		method: "post",
		path: "/_mock/keys/add",
		summary: "Publishes one more key, which never signs",
		changes: true,
		body: z.strictObject({}),
		answer: keysSchema,
		handle: ({ instance }) => after(instance, (keys) => keys.add()),
	}),
	route({
		method: "post",
		path: "/_mock/keys/replace",
		summary: "Another key under the same kid",
		changes: true,
		body: z.strictObject({ kid }),
		answer: keysSchema,
		handle: ({ instance, body }) =>
			after(instance, (keys) => keys.replace(body.kid)),
	}),
	route({
		method: "get",
		path: "/_mock/ca.pem",
		summary: "The certificate authority to trust, where the server made one",
		answer: PEM,
		handle({ registry }) {
			const { ca } = registry.root.settings;
			if (ca) return ca;
			throw new MockError(
				"not_found",
				"this server made no certificate; start it with --tls",
			);
		},
	}),
];
