// What a service does whatever its user configures: expected of it, told apart, and no failure of the user's.
import { claimOf } from "./cause/checks.js";
import type { FindingKind } from "./kinds.js";
import type { ScenarioResult } from "./result.js";

/** A service whose ways are known. */
export interface Service {
	/** such as `Vault` */
	name: string;
	/** what it lets in, or does over time: scenarios and probes, by id */
	ways: readonly string[];
	/** what says who gets in, where it was read and followed: `the role deploy` */
	settings?: string | undefined;
}

type Asked = Pick<ScenarioResult, "id"> & {
	breaks: readonly ScenarioResult["breaks"][number][];
};

/**
 * The kind of a finding, given the service. What the user's own policy refuses is the user's, whatever else the service
 * overlooks in the same token.
 */
export function kindGiven(
	service: Service | undefined,
	kind: FindingKind,
	{ id, breaks }: Asked,
): FindingKind {
	const isWay =
		(kind === "dangerous" || kind === "note") &&
		service?.ways.includes(id) &&
		!breaks.some((check) => claimOf(check) !== undefined);
	return isWay ? "service" : kind;
}
