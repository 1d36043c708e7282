// Which of GitLab's documents is at which path, in which version, and whether pages of every origin may read it.
import { MCP_PATH, OLD_KEYS_PATH, PATHS } from "../../gitlab/discovery.js";
import {
	type DocumentArriving,
	documentHas,
} from "../../gitlab/document-history.js";
import type { Place } from "../instance/registry.js";

const KINDS = [
	"discovery",
	"authorizationServer",
	"keys",
	"webfinger",
] as const;
export type Kind = (typeof KINDS)[number];

interface At {
	kind: Kind;
	since?: DocumentArriving;
	until?: DocumentArriving;
}

const PLACES = new Map<string, At>([
	...KINDS.map((kind) => [PATHS[kind], { kind }] as const),
	[PATHS.discovery + MCP_PATH, { kind: "discovery", since: "mcp" }],
	[
		PATHS.authorizationServer + MCP_PATH,
		{ kind: "authorizationServer", since: "mcp" },
	],
	[OLD_KEYS_PATH, { kind: "keys", until: "no_old_keys" }],
]);

/** The document that this instance has at the path that was asked for. */
export function kindAt({ path, emulated, instance }: Place): Kind | undefined {
	const found = emulated ? PLACES.get(path) : undefined;
	if (!found) return undefined;
	const { kind, since, until } = found;
	const { version } = instance.settings;
	const isThere =
		(!since || documentHas(version, since)) &&
		!(until && documentHas(version, until));
	return isThere ? kind : undefined;
}

/** Whether its answers, the preflight too, are for pages of every origin. */
export const isOpen = (kind: Kind, { instance }: Place): boolean =>
	kind !== "authorizationServer" ||
	!documentHas(instance.settings.version, "registration");
