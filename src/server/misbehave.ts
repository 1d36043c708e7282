// Lets a fault happen: late, slow, broken-off, redirected and wrong answers.
import type { Context, Next } from "koa";
import type { Fault } from "../scenario/fault.js";
import { endConnection } from "./end-connection.js";
import {
	editAnswer,
	editsAnswer,
	fillIn,
	milliseconds,
	pause,
	sendInPieces,
} from "./fault-body.js";
import { placeOf } from "./instance/locate.js";

/** Answers as `fault` says; `next` gives the honest answer. */
export async function misbehave(
	ctx: Context,
	fault: Fault,
	next: Next,
): Promise<void> {
	if (
		fault.delay !== undefined &&
		!(await pause(ctx, milliseconds(fault.delay)))
	)
		return;
	if (fault.reset) {
		ctx.respond = false;
		endConnection(ctx.req.socket);
		return;
	}
	if (replaces(fault)) {
		answer(ctx, fault);
	} else {
		// The request's own headers are kept in the log as they came.
		if (editsAnswer(fault))
			ctx.req.headers = { ...ctx.headers, "if-none-match": undefined };
		await next();
	}
	if (editsAnswer(fault)) await editAnswer(ctx, fault);
	for (const [name, value] of Object.entries(fault.headers ?? {}))
		ctx.set(name, value);
	await sendInPieces(ctx, fault);
}

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
