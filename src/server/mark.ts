// What every response says of itself, so that nobody takes this for a GitLab.
import type { Middleware } from "koa";
import { nameRequest } from "./traffic/observe.js";

export const MARK = { name: "X-Mock-Oidc", value: "testing-only" } as const;

export const mark: Middleware = function mark(ctx, next) {
	ctx.res.setHeader(MARK.name, MARK.value);
	nameRequest(ctx);
	return next();
};
