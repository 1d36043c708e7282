// The command that makes a finding's token again.
import { isJsonObject } from "../json-object.js";
import type { JobDifferences, Scenario } from "../scenario/schema.js";
import { shellWord } from "../shell-word.js";

/** What is the same for every token of a run. */
export interface Reproduction {
	audience: string;
	/** the running server that made it; undefined: one that ended with the run */
	server?: string | undefined;
	job?: JobDifferences | undefined;
	/** what asks one scenario again, with an issuer and keys that the RP trusts */
	again?: ((id: string) => string) | undefined;
}

/**
 * What makes a token again that the RP trusts: a running server makes it by itself, but for one whose instance has to
 * misbehave meanwhile; an issuer that ended with the run has to be brought up with the RP.
 * @param base the scenario that is minted
 */
export function commandFor(
	{ id, instance }: Pick<Scenario, "id" | "instance">,
	base: string,
	{ audience, server, job, again }: Reproduction,
): string | null {
	if (server === undefined || instance?.faults) return again?.(id) ?? null;
	const words = ["gitlab-oidc-mock", "token", base, "--aud", audience];
	words.push("--server", server);
	for (const setting of settingsOf(job, "")) words.push("--baseline", setting);
	return words.map(shellWord).join(" ");
}

/** A job's differences as settings: `project.path=acme/app`. */
function settingsOf(value: unknown, path: string): string[] {
	if (isJsonObject(value)) {
		return Object.entries(value).flatMap(([name, inner]) =>
			settingsOf(inner, path ? `${path}.${name}` : name),
		);
	}
	if (value === undefined) return [];
	return [
		`${path}=${typeof value === "string" ? value : JSON.stringify(value)}`,
	];
}
