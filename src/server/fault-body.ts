// What a fault does to the body of an answer: other members and keys, slow, cut off, huge. Sent piece by piece, not held.
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { Context } from "koa";
import { parseDuration } from "../clock.js";
import { attackerOf } from "../scenario/compile.js";
import { editMembers } from "../scenario/edit.js";
import type { Fault } from "../scenario/fault.js";
import { publishedKeys } from "../token/jwks.js";
import { whenGone } from "./client-gone.js";
import { placeOf } from "./instance/locate.js";
import type { Place } from "./instance/registry.js";

/** Whether the fault edits the honest answer, which must then be made in full. */
export const editsAnswer = ({ members, publish, keys }: Fault): boolean =>
	members !== undefined || publish !== undefined || keys !== undefined;

/** `{issuer}` and `{attacker}` in a fault's texts, filled in. */
export function fillIn(text: string, place: Place): string {
	if (!text.includes("{")) return text;
	const issuer = place.issuer();
	return text
		.replaceAll("{attacker}", attackerOf(issuer))
		.replaceAll("{issuer}", issuer);
}

/** Edits the JSON object that is about to be answered; anything else stays as it is. */
export async function editAnswer(
	ctx: Context,
	{ members, publish, keys }: Fault,
): Promise<void> {
	const place = placeOf(ctx);
	let answer = jsonObject(ctx.body);
	if (!answer) return;
	if (Array.isArray(answer.keys) && (publish || keys)) {
		const set = await place.instance.keys.current();
		answer = { ...answer, keys: await publishedKeys(set, publish, keys) };
	}
	const edited = editMembers(answer, members, place.instance.clock.now());
	ctx.remove("ETag"); // that of the honest answer
	ctx.body = JSON.stringify(edited, (_, value: unknown) =>
		typeof value === "string" ? fillIn(value, place) : value,
	);
	ctx.type = "application/json; charset=utf-8";
}

function jsonObject(body: unknown): Record<string, unknown> | undefined {
	try {
		const value: unknown = JSON.parse(String(body));
		return typeof value === "object" && value !== null
			? (value as Record<string, unknown>)
			: undefined;
	} catch {
		return undefined;
	}
}

/**
 * Sends the body in pieces, where the fault says at what pace, how far, or how much of it.
 * It is sent here, not by Koa's stream: what node refuses to send ends this connection and nothing else.
 */
export async function sendInPieces(ctx: Context, fault: Fault): Promise<void> {
	const { drip, truncate, size } = fault;
	if (drip === undefined && truncate === undefined && size === undefined)
		return;
	const bytes = Buffer.from(String(ctx.body ?? ""));
	const whole = Math.max(size ?? 0, bytes.length);
	const end = Math.min(truncate ?? whole, whole);
	ctx.length = whole; // the length that is promised
	ctx.respond = false;
	try {
		ctx.res.flushHeaders();
		if (hasBody(ctx)) await sendPieces(ctx, bytes, whole, end, drip);
		else ctx.res.end();
	} catch {
		ctx.req.socket.destroy();
	}
}

const hasBody = ({ method, status }: Context): boolean =>
	method !== "HEAD" && ![204, 205, 304].includes(status);

const PIECE = 65_536; // bytes

/** The bytes up to `end` at their pace; then, if they were cut, the connection's end. */
async function sendPieces(
	ctx: Context,
	bytes: Buffer,
	whole: number,
	end: number,
	drip: Fault["drip"],
): Promise<void> {
	const { res } = ctx;
	const size = drip?.bytes ?? PIECE;
	for (let start = 0; start < end; start += size) {
		if (drip && start > 0 && !(await pause(ctx, milliseconds(drip.every))))
			return;
		const piece = padded(bytes, whole, start, Math.min(start + size, end));
		if (!res.write(piece) && !(await drained(ctx))) return;
	}
	if (end < whole) ctx.req.socket.destroySoon();
	else res.end();
}

/** A part of `bytes` as if spaces stood before their last one, `whole` in all. */
function padded(
	bytes: Buffer,
	whole: number,
	start: number,
	end: number,
): Buffer {
	if (whole === bytes.length) return bytes.subarray(start, end);
	const part = Buffer.alloc(end - start, " ");
	const last = bytes.length - 1;
	if (start < last) bytes.copy(part, 0, start, Math.min(end, last));
	if (last >= 0 && end === whole) bytes.copy(part, end - start - 1, last);
	return part;
}

/** A duration of a fault, in milliseconds. */
export const milliseconds = (value: string | number): number =>
	1000 * (typeof value === "number" ? value : parseDuration(value));

/** Waits; tells whether the client is still there. */
export const pause = (ctx: Context, duration: number): Promise<boolean> =>
	whileThere(ctx, (signal) => sleep(duration, undefined, { signal }));

/** Waits until more can be written; tells whether the client is still there. */
const drained = (ctx: Context): Promise<boolean> =>
	whileThere(ctx, (signal) => once(ctx.res, "drain", { signal }));

/** Waits for what `start` begins, or for the client to leave; tells whether it is still there. */
async function whileThere(
	ctx: Context,
	start: (signal: AbortSignal) => Promise<unknown>,
): Promise<boolean> {
	if (ctx.res.destroyed) return false;
	const gone = new AbortController();
	const stay = whenGone(ctx, () => gone.abort());
	try {
		await start(gone.signal);
		return true;
	} catch {
		return false;
	} finally {
		stay();
	}
}
