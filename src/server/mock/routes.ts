// The mock's own paths, below /_mock/.
import Router, { type RouterContext } from "@koa/router";
import type { Middleware } from "koa";
import { MockError } from "../../errors.js";
import { basePath, type Instance, issuerFor } from "../instance.js";
import { health } from "./health.js";
import { caPem, keyPem, listKeys } from "./keys.js";
import type { MockRoute } from "./route.js";
import { listScenarios, showScenario } from "./scenarios.js";
import { getToken, postToken } from "./token.js";

type Handler = (route: MockRoute) => void | Promise<void>;

const ROUTES: readonly [
	method: "get" | "post",
	path: string,
	handler: Handler,
][] = [
	["get", "/_mock/token/*scenario", getToken],
	["post", "/_mock/token", postToken],
	["get", "/_mock/scenarios", listScenarios],
	["get", "/_mock/scenarios/*scenario", showScenario],
	["get", "/_mock/keys", listKeys],
	["get", "/_mock/keys/:file", keyPem],
	["get", "/_mock/ca.pem", caPem],
	["get", "/_mock/health", health],
];

/** The mock's own routes, at the root and below the instance's path. */
export function mockRoutes(instance: Instance): Middleware {
	const router = new Router();
	for (const [method, path, handler] of ROUTES) {
		router[method](path, (ctx: RouterContext) =>
			handler({ ctx, instance, issuer: issuerFor(instance, ctx) }),
		);
	}
	const routes = router.routes();
	const allowed = router.allowedMethods({
		throw: true,
		methodNotAllowed: () =>
			new MockError(
				"method_not_allowed",
				"this path does not answer that method",
			),
		notImplemented: () =>
			new MockError("method_not_allowed", "no path answers that method"),
	});
	const base = basePath(instance);
	return async function mockRoute(ctx, next) {
		if (base && ctx.path.startsWith(`${base}/_mock/`))
			ctx.path = ctx.path.slice(base.length);
		if (!ctx.path.startsWith("/_mock/")) return next();
		await routes(ctx as never, () => allowed(ctx as never, next));
		return undefined;
	};
}
