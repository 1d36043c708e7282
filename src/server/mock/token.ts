// GET /_mock/token/SCENARIO gives the token as plain text; POST /_mock/token gives it with what it says.
import { z } from "zod";
import { MockError } from "../../errors.js";
import { faultsOf } from "../../scenario/faults.js";
import { mintToken, type TokenRequest } from "../../scenario/mint.js";
import { mintOf } from "../instance.js";
import { answerJson, type MockRoute, readJsonObject } from "./route.js";

/** The query: `aud` (repeated: a list; `aud[]`: a list even of one) and `set=KEY=VALUE`, repeatable. */
export function readQuery(
	querystring: string,
): Pick<TokenRequest, "aud" | "set"> {
	const query = new URLSearchParams(querystring);
	for (const name of query.keys()) {
		if (!["aud", "aud[]", "set"].includes(name)) {
			throw new MockError(
				"invalid_request",
				`unknown query parameter "${name.slice(0, 80)}"; there are aud, aud[] and set`,
			);
		}
	}
	const single = query.getAll("aud");
	const list = query.getAll("aud[]");
	const aud =
		list.length > 0 || single.length > 1 ? [...single, ...list] : single[0];
	return { aud, set: query.getAll("set") };
}

export async function getToken({
	ctx,
	instance,
	issuer,
}: MockRoute): Promise<void> {
	const { scenario } = ctx.params;
	const made = await mintToken(await mintOf(instance, issuer), {
		scenario,
		...readQuery(ctx.querystring),
	});
	ctx.set("Cache-Control", "no-store");
	ctx.type = "text/plain; charset=utf-8";
	ctx.body = made.token;
}

const bodySchema = z.strictObject({
	scenario: z.string().optional(),
	aud: z.union([z.string(), z.array(z.string())]).optional(),
	set: z.array(z.string()).optional(),
	job: z.unknown().optional(),
	token: z.unknown().optional(),
	instance: z.unknown().optional(),
});

export async function postToken({
	ctx,
	instance,
	issuer,
}: MockRoute): Promise<void> {
	const body = bodySchema.safeParse(await readJsonObject(ctx));
	if (!body.success) {
		const faults = faultsOf(body.error).map(
			({ path, message }) => `${path.join(".") || "body"}: ${message}`,
		);
		throw new MockError("invalid_request", faults.join("; "));
	}
	const { scenario, aud, set, ...given } = body.data;
	const blocks = Object.fromEntries(
		Object.entries(given).filter(([, value]) => value !== undefined),
	);
	answerJson(
		ctx,
		await mintToken(await mintOf(instance, issuer), {
			scenario,
			aud,
			set,
			blocks,
		}),
	);
}
