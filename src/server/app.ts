// The Koa application of a server's instances. It never listens.

import Koa from "koa";
import { MockError } from "../errors.js";
import { PATHS } from "../gitlab/discovery.js";
import { inTurn } from "../in-turn.js";
import { failures } from "./failure.js";
import { faults } from "./fault.js";
import { gitlabEndpoints } from "./gitlab/endpoints.js";
import { plainAnswers } from "./gitlab/plain.js";
import { locate } from "./instance/locate.js";
import type { Registry } from "./instance/registry.js";
import { mark } from "./mark.js";
import type { GuardOptions } from "./mock/guard.js";
import type { EndedRequest } from "./traffic/ended-request.js";
import { observe } from "./traffic/observe.js";

export interface AppOptions extends GuardOptions {
	/** believe X-Forwarded-Proto, X-Forwarded-Host and X-Request-Id */
	trustProxy?: boolean | undefined;
	/** is told of the mock's own failures, a line each */
	report?: ((line: string) => void) | undefined;
	/** is told of each request that has ended */
	log?: ((request: EndedRequest) => void) | undefined;
}

/** Builds the application that emulates the instances of `registry`. */
export function createApp(registry: Registry, options: AppOptions = {}): Koa {
	const app = new Koa({ proxy: options.trustProxy ?? false });
	app.silent = true; // failures() has reported
	const { trustProxy, log } = options;
	app.use(observe({ counts: registry.root.counts, trustProxy, log }));
	app.use(plainAnswers(registry));
	app.use(failures(options.report ?? (() => {})));
	app.use(locate(registry));
	app.use(mark);
	app.use(faults);
	app.use(gitlabEndpoints);
	app.use(mockPaths(registry, options));
	app.use((ctx) => {
		throw new MockError(
			"not_found",
			`${ctx.path.slice(0, 80)} is not emulated; there are ${PATHS.discovery}, ${PATHS.keys}, ${PATHS.webfinger} and what /_mock/openapi.json describes`,
		);
	});
	return app;
}

/** The mock's own paths. They bring the scenario format with them, which discovery need not wait for. */
function mockPaths(registry: Registry, options: GuardOptions): Koa.Middleware {
	let routes: Promise<Koa.Middleware> | undefined;
	return async function mockPath(ctx, next) {
		routes ??= inTurn(() => import("./mock/routes.js")).then(({ mockRoutes }) =>
			mockRoutes(registry, options),
		);
		return (await routes)(ctx, next);
	};
}
