// A running server as the issuer of a check, driven by its paths below /_mock; what waits gets an instance of its own there.
import type { Profile } from "../check/profile.js";
import type { Provider } from "../check/provider.js";
import type { Scenario } from "../scenario/schema.js";
import { askServer, parseAnswer } from "../server-client.js";
import { ANSWERS, checkedAnswer } from "./remote-answers.js";
import { type Called, type Caller, remoteInstance } from "./remote-instance.js";

const PATIENCE = 30; // seconds

/**
 * The server at `url`.
 * @param controlToken what it asks for where something is changed
 * @throws MockError `unreachable` where there is none, or it is no mock
 */
export async function remoteProvider(
	url: string,
	profile: Profile,
	controlToken?: string,
): Promise<Provider> {
	const base = url.replace(/\/$/, "");
	const callerAt =
		(place: string): Caller =>
		async (schema, method, path, body) => {
			const question = { method, path, body, controlToken, patience: PATIENCE };
			const { text } = await askServer(place, question);
			const what = `what ${place}${path} answered`;
			return checkedAnswer(schema, parseAnswer(text, what), what);
		};
	const call = callerAt(base);
	const { issuer, gitlab_version } = await call(
		ANSWERS.health,
		"GET",
		"/_mock/health",
	);
	const { scenarios: listed } = await call(
		ANSWERS.scenarios,
		"GET",
		"/_mock/scenarios?full=true",
	);
	const scenarios = listed.map(
		(scenario) => ({ ...scenario, file: "" }) as Scenario,
	);
	const faults = await call(ANSWERS.faults, "GET", "/_mock/faults");
	const common = { version: gitlab_version, scenarios, server: base };
	const root: Called = { call, url: base, issuer, ...common };
	const { change, end, ...provider } = remoteInstance(root, profile);
	const instances = new Set<string>();
	const drop = async (name: string) => {
		if (instances.delete(name))
			await call(
				ANSWERS.done,
				"DELETE",
				`/_mock/instances/${encodeURIComponent(name)}`,
			);
	};
	return {
		...provider,
		async fork() {
			const { name, issuer } = await change(async () => {
				const made = await call(
					ANSWERS.instance,
					"POST",
					"/_mock/instances",
					{},
				);
				instances.add(made.name);
				return made;
			});
			const url = `${base}/${name}`;
			const place: Called = { call: callerAt(url), url, issuer, ...common };
			const { change: _, end, ...beside } = remoteInstance(place, profile);
			return { ...beside, close: () => end(() => drop(name)) };
		},
		// It was there before, and is left as it was.
		close: () =>
			end(async (restoreKeys) => {
				await call(ANSWERS.done, "PUT", "/_mock/faults", faults);
				await restoreKeys();
				for (const name of instances) await drop(name);
			}),
	};
}
