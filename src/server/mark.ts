// What every response says of itself, so that nobody takes this for a GitLab.
import type { Middleware } from "koa";

export const MARK = { name: "X-Mock-Oidc", value: "testing-only" } as const;

export const mark: Middleware = function mark({ res }, next) {
	res.setHeader(MARK.name, MARK.value);
	return next();
};
