// The mock's own paths, below /_mock/: of the server, and of each of its instances.
import Router, { type RouterContext } from "@koa/router";
import type { Middleware, Next } from "koa";
import { placeOf } from "../instance/locate.js";
import type { Registry } from "../instance/registry.js";
import { answerOtherMethod } from "../other-method.js";
import { attackerRoutes } from "./attacker.js";
import { clockRoutes } from "./clock.js";
import { faultRoutes } from "./faults.js";
import {
	type GuardOptions,
	guard,
	holdsControlToken,
	refuseForeignPage,
} from "./guard.js";
import { healthRoutes } from "./health.js";
import { instanceRoutes } from "./instances.js";
import { jobRoutes } from "./jobs.js";
import { keyRoutes } from "./keys.js";
import { metricsRoutes } from "./metrics.js";
import { openApiRoutes } from "./openapi.js";
import { requestRoutes } from "./requests.js";
import { resetRoutes } from "./reset.js";
import { perform, type Route } from "./route.js";
import { scenarioRoutes } from "./scenarios.js";
import { tokenRoutes } from "./token.js";

const documented: Route[] = [
	...tokenRoutes,
	...jobRoutes,
	...scenarioRoutes,
	...keyRoutes,
	...clockRoutes,
	...faultRoutes,
	...requestRoutes,
	...instanceRoutes,
	...resetRoutes,
	...healthRoutes,
	...metricsRoutes,
	...attackerRoutes,
];

/** Every route of the mock. */
export const ROUTES: readonly Route[] = [
	...documented,
	...openApiRoutes(documented),
];

export function mockRoutes(
	registry: Registry,
	options: GuardOptions,
): Middleware {
	const router = new Router();
	for (const route of ROUTES) {
		router[route.method](route.path, (ctx: RouterContext) => {
			const trusted = holdsControlToken(ctx, options);
			if (route.changes) guard(ctx, registry, options, trusted);
			else if (route.takes) refuseForeignPage(ctx, registry);
			return perform(route, ctx, registry, placeOf(ctx), trusted);
		});
	}
	const routes = router.routes();
	return async function mockRoute(ctx, next) {
		const { path } = placeOf(ctx);
		if (!path.startsWith("/_mock/")) return next();
		ctx.path = path;
		await routes(ctx as never, () => otherMethod(ctx as never, next));
		return undefined;
	};
}

/** No route was taken. */
function otherMethod(ctx: RouterContext, next: Next): Promise<unknown> {
	const layers = ctx.matched ?? [];
	const methods = [...new Set(layers.flatMap(({ methods }) => methods))];
	if (methods.length === 0) return next();
	const allowed = methods.join(", ");
	ctx.set("Allow", allowed);
	answerOtherMethod(ctx, allowed);
	return Promise.resolve();
}
