// Lets an instance's faults happen: late, slow, broken-off, redirected and wrong answers.
import type { Context, Middleware } from "koa";
import type { Fault } from "../scenario/fault.js";
import {
	editAnswer,
	editsAnswer,
	fillIn,
	milliseconds,
	pause,
	streamBody,
} from "./fault-body.js";
import { placeOf } from "./instance/locate.js";

export const faults: Middleware = async function faults(ctx, next) {
	const { instance, path } = placeOf(ctx);
	const fault =
		instance.faults.any && !path.startsWith("/_mock/")
			? instance.faults.meet(path)
			: undefined;
	if (!fault) return next();
	if (
		fault.delay !== undefined &&
		!(await pause(ctx, milliseconds(fault.delay)))
	)
		return undefined;
	if (fault.reset) {
		ctx.respond = false;
		ctx.req.socket.resetAndDestroy();
		return undefined;
	}
	if (replaces(fault)) {
		answer(ctx, fault);
	} else {
		if (editsAnswer(fault)) delete ctx.headers["if-none-match"];
		await next();
	}
	if (editsAnswer(fault)) await editAnswer(ctx, fault);
	for (const [name, value] of Object.entries(fault.headers ?? {}))
		ctx.set(name, value);
	streamBody(ctx, fault);
	return undefined;
};

const replaces = ({ status, body, redirect }: Fault) =>
	status !== undefined || body !== undefined || redirect !== undefined;

function answer(ctx: Context, { status, body, redirect }: Fault): void {
	if (redirect !== undefined)
		ctx.set("Location", fillIn(redirect, placeOf(ctx)));
	ctx.status = status ?? (redirect === undefined ? 200 : 302);
	if (typeof body === "string") {
		ctx.type = body.trimStart().startsWith("<") ? "text/html" : "text/plain";
		ctx.body = body;
	} else if (body !== undefined) {
		ctx.type = "application/json; charset=utf-8";
		ctx.body = JSON.stringify(body);
	} else {
		ctx.body = "";
	}
}
