// GET /_mock/keys: the public keys and what each signs. /_mock/keys/KID.pem: one as PEM. /_mock/ca.pem: whom TLS trusts.
import { MockError } from "../../errors.js";
import { publicPem } from "../../token/keys.js";
import { answerJson, type MockRoute } from "./route.js";

const PEM = "application/x-pem-file";

export async function listKeys({ ctx, instance }: MockRoute): Promise<void> {
	const keys = await instance.keys;
	answerJson(ctx, {
		keys: [
			{ ...keys.signIn.jwk, signs: "sign-in" },
			{ ...keys.ci.jwk, signs: "ci" },
		],
	});
}

export async function keyPem({ ctx, instance }: MockRoute): Promise<void> {
	const keys = await instance.keys;
	const key = [keys.signIn, keys.ci].find(
		({ kid }) => `${kid}.pem` === ctx.params.file,
	);
	if (!key) {
		throw new MockError(
			"not_found",
			`there is no such key; ${keys.ci.kid}.pem signs CI/CD ID tokens, ${keys.signIn.kid}.pem sign-ins`,
		);
	}
	ctx.type = PEM;
	ctx.body = publicPem(key);
}

export function caPem({ ctx, instance }: MockRoute): void {
	if (!instance.ca) {
		throw new MockError(
			"not_found",
			"this server made no certificate; start it with --tls",
		);
	}
	ctx.type = PEM;
	ctx.body = instance.ca;
}
