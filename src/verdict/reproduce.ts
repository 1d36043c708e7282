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
}

/** A command for a shell. */
export function commandFor(
	{ id, instance }: Pick<Scenario, "id" | "instance">,
	{ audience, server, job }: Reproduction,
): string {
	const words = ["gitlab-oidc-mock", "token", id, "--aud", audience];
	if (server !== undefined) words.push("--server", server);
	for (const setting of settingsOf(job, "")) words.push("--baseline", setting);
	const command = words.map(shellWord).join(" ");
	return instance?.faults
		? `${command} # after: PUT /_mock/faults?scenario=${id}`
		: command;
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
