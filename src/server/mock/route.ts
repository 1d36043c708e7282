// What the mock's own routes share: their context, JSON answers and JSON bodies.
import type { RouterContext } from "@koa/router";
import getRawBody from "raw-body";
import { MockError } from "../../errors.js";
import type { Instance } from "../instance.js";

/** A request below `/_mock/`, for the instance at `issuer`. */
export interface MockRoute {
	ctx: RouterContext;
	instance: Instance;
	issuer: string;
}

/** The largest request body, in bytes. */
export const LARGEST_BODY = 1024 * 1024;

/** Answers with JSON that a person can read. */
export function answerJson(ctx: RouterContext, value: unknown): void {
	ctx.type = "application/json; charset=utf-8";
	ctx.set("Cache-Control", "no-store");
	ctx.body = `${JSON.stringify(value, null, 2)}\n`;
}

/**
 * Reads the request's body as a JSON object.
 * @throws MockError `too_large`, or `invalid_request` where it is not JSON
 */
export async function readJsonObject(
	ctx: RouterContext,
): Promise<Record<string, unknown>> {
	if (!ctx.is("json")) {
		throw new MockError(
			"invalid_request",
			"send JSON, with Content-Type: application/json",
		);
	}
	let text: string;
	try {
		text = await getRawBody(ctx.req, {
			limit: LARGEST_BODY,
			length: ctx.get("content-length") || null,
			encoding: "utf-8",
		});
	} catch (error) {
		if ((error as { type?: string }).type !== "entity.too.large") {
			throw new MockError("invalid_request", "the request body broke off", {
				cause: error,
			});
		}
		ctx.set("Connection", "close"); // the rest of the body is not read
		throw new MockError("too_large", "the request body is larger than 1 MiB");
	}
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		throw new MockError("invalid_request", "the request body is not JSON");
	}
	if (typeof value !== "object" || value === null || Array.isArray(value)) {
		throw new MockError(
			"invalid_request",
			"the request body is not a JSON object",
		);
	}
	return value as Record<string, unknown>;
}
