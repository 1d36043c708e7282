// A JSON document as Rails serves it: weak ETag, 304 where the client has it.
import { createHash } from "node:crypto";
import type { Context } from "koa";
import { MARK } from "../mark.js";

/** What each of GitLab's documents says of the methods that it answers, to pages of every origin. */
export const METHODS = "GET, HEAD";
const ORIGINS = { name: "Access-Control-Allow-Origin", value: "*" };
const ALLOWED = { name: "Access-Control-Allow-Methods", value: METHODS };
const TYPE = { name: "Content-Type", value: "application/json; charset=utf-8" };

/** A document's bytes, and what is said of them. */
export interface JsonDocument {
	body: string;
	etag: string;
	cacheControl: string;
	/** every header of a plain answer but the request's id, name and value in turn, as `writeHead` takes them */
	head: string[];
}

/** Writes `value` as GitLab does, in compact JSON. */
export function jsonDocument(
	value: unknown,
	cacheControl: string,
	open = true,
): JsonDocument {
	const body = JSON.stringify(value);
	const digest = createHash("sha256").update(body).digest("hex").slice(0, 32);
	const etag = `W/"${digest}"`;
	const marks = open ? [MARK, ORIGINS, ALLOWED] : [MARK];
	const head = marks.flatMap(({ name, value }) => [name, value]);
	head.push("Cache-Control", cacheControl, "ETag", etag);
	head.push(
		TYPE.name,
		TYPE.value,
		"Content-Length",
		String(Buffer.byteLength(body)),
	);
	return { body, etag, cacheControl, head };
}

/** Lets pages of every origin read the answer. */
export function openToAll({ res }: Context): void {
	for (const { name, value } of [ORIGINS, ALLOWED]) res.setHeader(name, value);
}

/** Answers GET and HEAD with `document`. */
export function serveDocument(ctx: Context, document: JsonDocument): void {
	const { res } = ctx;
	res.setHeader("Cache-Control", document.cacheControl);
	res.setHeader("ETag", document.etag);
	ctx.status = 200;
	// As Rack has it: this one ETag and nothing else, whatever Cache-Control says (that of Node's fetch is no-cache).
	if (ctx.headers["if-none-match"] === document.etag) {
		ctx.status = 304;
		return;
	}
	res.setHeader(TYPE.name, TYPE.value);
	ctx.body = document.body;
}
