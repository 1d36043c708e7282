// The Koa application of an instance. It never listens.
import Koa from "koa";
import { MockError } from "../errors.js";
import { PATHS } from "../gitlab/discovery.js";
import { failures } from "./failure.js";
import { gitlabEndpoints } from "./gitlab/endpoints.js";
import type { Instance } from "./instance.js";

export interface AppOptions {
	/** believe X-Forwarded-Proto and X-Forwarded-Host */
	trustProxy?: boolean;
	/** is told of the mock's own failures, a line each */
	report?: (line: string) => void;
}

/** Builds the application that emulates `instance`. */
export function createApp(instance: Instance, options: AppOptions = {}): Koa {
	const app = new Koa({ proxy: options.trustProxy ?? false });
	app.silent = true; // failures() has reported
	app.use(failures(options.report ?? (() => {})));
	app.use(gitlabEndpoints(instance));
	app.use(mockPaths(instance));
	app.use((ctx) => {
		throw new MockError(
			"not_found",
			`${ctx.path.slice(0, 80)} is not emulated; there are ${PATHS.discovery}, ${PATHS.keys}, ${PATHS.webfinger} and, below /_mock/, token, scenarios, keys and health`,
		);
	});
	return app;
}

/** The mock's own paths. They bring the scenario format with them, which discovery need not wait for. */
function mockPaths(instance: Instance): Koa.Middleware {
	let routes: Promise<Koa.Middleware> | undefined;
	return async function mockPath(ctx, next) {
		routes ??= import("./mock/routes.js").then(({ mockRoutes }) =>
			mockRoutes(instance),
		);
		return (await routes)(ctx, next);
	};
}
