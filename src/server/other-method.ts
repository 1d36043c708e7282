// What a path says to a method that it does not have.
import type { Context } from "koa";
import { MockError } from "../errors.js";

/**
 * Answers OPTIONS with nothing, and refuses any other method.
 * @param allowed the path's own, as `Allow` has them
 * @throws MockError `method_not_allowed`
 */
export function answerOtherMethod(ctx: Context, allowed: string): void {
	if (ctx.method !== "OPTIONS") {
		ctx.set("Allow", allowed);
		throw new MockError(
			"method_not_allowed",
			`${ctx.method} is not possible here, only ${allowed}`,
		);
	}
	ctx.status = 200;
	ctx.body = "";
}
