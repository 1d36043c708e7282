// What a server has done, as plain numbers: to count costs next to nothing, and whoever asks for metrics reads them.
import { MCP_PATH, OLD_KEYS_PATH, PATHS } from "../../gitlab/discovery.js";
import type { Tally } from "../../scenario/mint.js";

/** How an answer ended: the first digit of its status; `none` where the connection broke off. */
export const OUTCOMES = ["none", "1xx", "2xx", "3xx", "4xx", "5xx"] as const;

/** The counts of one server, with all its instances. */
export interface Counts {
	/** when it was made, milliseconds since the epoch */
	readonly since: number;
	/** by path, then by the place of the outcome in {@link OUTCOMES}; a path is there once it was asked for */
	readonly requests: ReadonlyMap<string, readonly number[]>;
	/** the tokens that were made, by what a relying party owes them */
	readonly tokens: Tally;
	/** Counts a request. @param path below the instance, as it came */
	request(path: string, status: number | null): void;
}

/** What is counted by its own path. Any other is `other`: what clients make up must not fill the memory. */
const COUNTED: ReadonlySet<string> = new Set([
	...Object.values(PATHS),
	PATHS.discovery + MCP_PATH,
	PATHS.authorizationServer + MCP_PATH,
	OLD_KEYS_PATH,
]);
const OWN = "/_mock/";
const OWN_PARTS: ReadonlySet<string> = new Set([
	...["token", "next", "jobs", "scenarios", "keys", "ca.pem", "clock"],
	...["faults", "requests", "instances", "reset", "health", "metrics"],
	...["attacker", "openapi.json"],
]);

/** The path that a request is counted by: one of few. */
export function countedPath(path: string): string {
	if (COUNTED.has(path)) return path;
	if (!path.startsWith(OWN)) return "other";
	const end = path.indexOf("/", OWN.length);
	const part = path.slice(OWN.length, end < 0 ? undefined : end);
	return OWN_PARTS.has(part) ? OWN + part : "other";
}

export function createCounts(): Counts {
	const requests = new Map<string, number[]>();
	return {
		since: Date.now(),
		requests,
		tokens: { accept: 0, policy: 0, either: 0, reject: 0 },
		request(path, status) {
			const name = countedPath(path);
			let counts = requests.get(name);
			if (!counts) {
				counts = OUTCOMES.map(() => 0);
				requests.set(name, counts);
			}
			const outcome = status === null ? 0 : Math.floor(status / 100);
			counts[outcome] = (counts[outcome] ?? 0) + 1;
		},
	};
}
