// Turns whatever went wrong into JSON: the one place where errors become responses.
import type { Middleware } from "koa";
import { type ErrorCode, MockError } from "../errors.js";
import { MARK } from "./mark.js";
import { nameRequest } from "./traffic/observe.js";

const STATUS: Record<ErrorCode, number> = {
	invalid_option: 400,
	invalid_request: 400,
	invalid_scenario: 400,
	not_applicable: 400,
	invalid_pipeline: 400,
	invalid_keys: 500,
	unknown_scenario: 404,
	unknown_job: 404,
	not_found: 404,
	method_not_allowed: 405,
	unauthorized: 401,
	forbidden: 403,
	conflict: 409,
	too_large: 413,
	unreachable: 502,
	address_in_use: 500,
	file: 500,
};

/** The body of every failure. */
export const failureBody = (error: string, description: string): string =>
	`${JSON.stringify({ error, error_description: description })}\n`;

/**
 * Answers failures.
 * @param report is told of errors that no client caused
 */
export const failures = (report: (line: string) => void): Middleware =>
	async function failures(ctx, next) {
		try {
			await next();
		} catch (thrown) {
			const known = thrown instanceof MockError ? thrown : undefined;
			if (!known)
				report(
					`internal error: ${thrown instanceof Error ? thrown.stack : thrown}`,
				);
			ctx.res.setHeader(MARK.name, MARK.value);
			nameRequest(ctx);
			ctx.status = known ? STATUS[known.code] : 500;
			ctx.type = "application/json; charset=utf-8";
			ctx.set("Cache-Control", "no-store");
			ctx.body = failureBody(
				known?.code ?? "internal_error",
				known?.message ?? "the mock failed; its standard error says how",
			);
		}
	};
