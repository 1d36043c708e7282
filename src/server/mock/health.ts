// GET /_mock/health: 200 once keys and scenarios are there, with all that is wrong in scenario files.
import { problemLine } from "../../scenario/read.js";
import { answerJson, type MockRoute } from "./route.js";

const STARTING = Symbol("starting");

/** The value, if the promise has one already. */
const settled = <T>(promise: Promise<T>): Promise<T | typeof STARTING> =>
	Promise.race([
		promise,
		new Promise<typeof STARTING>((resolve) => setImmediate(resolve, STARTING)),
	]);

export async function health({
	ctx,
	instance,
	issuer,
}: MockRoute): Promise<void> {
	const [keys, catalogue] = await Promise.all([
		settled(instance.keys),
		settled(instance.catalogue),
	]);
	const ready = keys !== STARTING && catalogue !== STARTING;
	answerJson(ctx, {
		status: ready ? "ok" : "starting",
		issuer,
		gitlab_version: instance.version,
		scenarios: catalogue === STARTING ? 0 : catalogue.all().length,
		overriding: catalogue === STARTING ? [] : catalogue.overriding(),
		problems:
			catalogue === STARTING ? [] : catalogue.problems().map(problemLine),
	});
	ctx.status = ready ? 200 : 503;
}
