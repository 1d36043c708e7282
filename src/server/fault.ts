// Lets an instance's faults happen: late, slow, broken-off, redirected and wrong answers.

import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type { Context, Middleware } from "koa";
import { parseDuration } from "../clock.js";
import type { Fault } from "../scenario/fault.js";
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
	if (replaces(fault)) answer(ctx, fault);
	else await next();
	for (const [name, value] of Object.entries(fault.headers ?? {}))
		ctx.set(name, value);
	await spoilBody(ctx, fault);
	return undefined;
};

const replaces = ({ status, body, redirect }: Fault) =>
	status !== undefined || body !== undefined || redirect !== undefined;

function answer(ctx: Context, { status, body, redirect }: Fault): void {
	if (redirect !== undefined) ctx.set("Location", redirect);
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

async function spoilBody(
	ctx: Context,
	{ drip, truncate }: Fault,
): Promise<void> {
	if (drip === undefined && truncate === undefined) return;
	const bytes = Buffer.isBuffer(ctx.body)
		? ctx.body
		: Buffer.from(String(ctx.body ?? ""));
	const cut =
		truncate === undefined ? bytes.length : Math.min(truncate, bytes.length);
	const { type } = ctx.response;
	ctx.body = Readable.from(
		pieces(ctx, bytes.subarray(0, cut), drip, cut < bytes.length),
	);
	ctx.set("Content-Type", type);
	ctx.length = bytes.length; // the length that was promised
}

/** The bytes at their pace; then, if they were cut, the connection's end. */
async function* pieces(
	ctx: Context,
	bytes: Buffer,
	drip: Fault["drip"],
	cut: boolean,
): AsyncGenerator<Buffer> {
	const size = drip?.bytes ?? Math.max(bytes.length, 1);
	for (let start = 0; start < bytes.length; start += size) {
		if (drip && start > 0 && !(await pause(ctx, milliseconds(drip.every))))
			return;
		yield bytes.subarray(start, start + size);
	}
	if (cut) ctx.req.socket.destroySoon();
}

/** A duration of a fault, in milliseconds. */
const milliseconds = (value: string | number): number =>
	1000 * (typeof value === "number" ? value : parseDuration(value));

/** Waits; tells whether the client is still there. */
async function pause(ctx: Context, duration: number): Promise<boolean> {
	const gone = new AbortController();
	const leave = () => gone.abort();
	ctx.res.once("close", leave);
	try {
		await sleep(duration, undefined, { signal: gone.signal });
		return true;
	} catch {
		return false;
	} finally {
		ctx.res.off("close", leave);
	}
}
