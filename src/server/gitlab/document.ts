// A JSON document as Rails serves it: weak ETag, 304 where the client has it.
import { createHash } from "node:crypto";
import type { Context } from "koa";

/** A document's bytes and their ETag. */
export interface JsonDocument {
	body: string;
	etag: string;
}

/** Writes `value` as GitLab does, in compact JSON. */
export function jsonDocument(value: unknown): JsonDocument {
	const body = JSON.stringify(value);
	const digest = createHash("sha256").update(body).digest("hex").slice(0, 32);
	return { body, etag: `W/"${digest}"` };
}

/** Answers GET and HEAD with `document`. */
export function serveDocument(
	ctx: Context,
	document: JsonDocument,
	cacheControl: string,
): void {
	const { res } = ctx;
	res.setHeader("Cache-Control", cacheControl);
	res.setHeader("ETag", document.etag);
	ctx.status = 200;
	// As Rack has it: this one ETag and nothing else, whatever Cache-Control says (that of Node's fetch is no-cache).
	if (ctx.headers["if-none-match"] === document.etag) {
		ctx.status = 304;
		return;
	}
	res.setHeader("Content-Type", "application/json; charset=utf-8");
	ctx.body = document.body;
}
