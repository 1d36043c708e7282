// What a route of the mock is: its path, what it takes and gives, and what it does.
import type { RouterContext } from "@koa/router";
import getRawBody from "raw-body";
import { z } from "zod";
import { MockError } from "../../errors.js";
import { issueText } from "../../scenario/schema-issue.js";
import type { Instance } from "../instance/instance.js";
import type { Place, Registry } from "../instance/registry.js";

/** What a handler is given. */
export interface Call<Query, Body> {
	ctx: RouterContext;
	registry: Registry;
	place: Place;
	instance: Instance;
	query: Query;
	body: Body;
}

/** One method of one path below `/_mock`. */
export interface Route {
	method: "get" | "post" | "put" | "delete";
	/** as `@koa/router` has it */
	path: string;
	summary: string;
	/** whether it changes what clients of the instance get, and so needs the control token */
	changes: boolean;
	/** whether it takes something away from the next client, and so is closed to foreign pages */
	takes: boolean;
	query: z.ZodObject | undefined;
	body: z.ZodType | undefined;
	/** the schema of the JSON answer, or the type of another one */
	answer: z.ZodType | string;
	/** the status where it is done; default 200 */
	status?: number | undefined;
	/** that of the same answer where it is not yet done, and what that means */
	pending?: { status: number; means: string } | undefined;
	handle(call: Call<unknown, unknown>): unknown;
}

/** Declares a route, with the handler's types taken from the schemas. */
export function route<
	Query extends z.ZodObject = z.ZodObject<Record<never, never>>,
	Body extends z.ZodType = z.ZodUndefined,
>(declared: {
	method: Route["method"];
	path: string;
	summary: string;
	changes?: boolean;
	takes?: boolean;
	query?: Query;
	body?: Body;
	answer: Route["answer"];
	status?: number;
	pending?: Route["pending"];
	handle(call: Call<z.infer<Query>, z.infer<Body>>): unknown;
}): Route {
	const { query, body, changes = false, takes = false } = declared;
	return {
		...declared,
		query,
		body,
		changes,
		takes,
		handle: (call) =>
			declared.handle(call as Call<z.infer<Query>, z.infer<Body>>),
	};
}

/** The largest request body, in bytes. */
const LARGEST_BODY = 1024 * 1024;

/**
 * Reads what a route takes, and answers with what its handler gives.
 * @param trusted whether the client has shown that it is no page of another origin
 * @throws MockError `invalid_request` or `too_large`
 */
export async function perform(
	route: Route,
	ctx: RouterContext,
	registry: Registry,
	place: Place,
	trusted: boolean,
): Promise<void> {
	const query = readQuery(route.query, ctx.querystring);
	const body =
		route.body && checked(route.body, await readJsonBody(ctx, trusted), "body");
	ctx.status = route.status ?? 200;
	const answer = await route.handle({
		ctx,
		registry,
		place,
		instance: place.instance,
		query,
		body,
	});
	ctx.set("Cache-Control", "no-store");
	if (typeof route.answer === "string") {
		ctx.type = route.answer;
		ctx.body = answer;
	} else {
		ctx.type = "application/json; charset=utf-8";
		ctx.body = `${JSON.stringify(answer, null, 2)}\n`;
	}
}

/** A parameter whose schema is a list may be repeated; any other may not. */
function readQuery(
	schema: z.ZodObject | undefined,
	querystring: string,
): unknown {
	if (querystring === "") return {}; // no parameter is required
	const query = new URLSearchParams(querystring);
	const names = [...new Set(query.keys())];
	const given = names.map((name) => {
		const member =
			schema && Object.hasOwn(schema.shape, name)
				? schema.shape[name]
				: undefined;
		const list =
			member instanceof z.ZodOptional && member.unwrap() instanceof z.ZodArray;
		const values = query.getAll(name);
		return [name.slice(0, 80), list || values.length > 1 ? values : values[0]];
	});
	return checked(
		schema ?? z.strictObject({}),
		Object.fromEntries(given),
		"query",
	);
}

function checked(schema: z.ZodType, value: unknown, what: string): unknown {
	const result = schema.safeParse(value);
	if (result.success) return result.data;
	throw new MockError("invalid_request", issueText(result.error, what));
}

const JSON_TYPE = /^application\/json[\t ]*(;|$)/i;

async function readJsonBody(
	ctx: RouterContext,
	trusted: boolean,
): Promise<unknown> {
	const text = await readBody(ctx);
	// A page of another origin can send anything but JSON without asking first: nothing at all, too.
	if (!trusted && !JSON_TYPE.test(ctx.get("Content-Type"))) {
		throw new MockError(
			"invalid_request",
			"send JSON, with Content-Type: application/json",
		);
	}
	if (text === "") return {};
	try {
		return JSON.parse(text);
	} catch {
		throw new MockError("invalid_request", "the request body is not JSON");
	}
}

async function readBody(ctx: RouterContext): Promise<string> {
	try {
		return await getRawBody(ctx.req, {
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
}
