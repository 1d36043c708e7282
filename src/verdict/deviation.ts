// Whether a token differs at all from the honest one of the same profile: what does not cannot show anything.
import type { Scenario } from "../scenario/schema.js";

type Claims = Readonly<Record<string, unknown>>;
type Stated = NonNullable<Scenario["job"]>;

// Claims that differ between any two tokens, and what of a job makes the difference the scenario's own.
const DRAWN: Record<string, (job: Stated) => unknown> = {
	job_id: ({ id }) => id,
	pipeline_id: ({ pipeline }) => pipeline?.id,
	runner_id: ({ runner }) => runner?.id,
	sha: ({ sha }) => sha,
	ci_config_sha: ({ config, sha }) => config?.sha ?? sha,
	jti: () => undefined,
	iat: () => undefined,
	nbf: () => undefined,
	exp: () => undefined,
};

/**
 * Whether anything of what the title says is left in the token of `scenario`.
 * @param control the claims of the honest token, of the same GitLab version
 */
export function deviates(
	{ job = {}, token = {}, instance }: Scenario,
	claims: Claims,
	control: Claims,
): boolean {
	const { claims: edits = {}, ...made } = token;
	if (Object.keys(made).length > 0 || instance?.faults) return true;
	if (lifetime(claims) !== lifetime(control)) return true;
	const names = new Set([...Object.keys(claims), ...Object.keys(control)]);
	return [...names].some((name) => {
		if (Object.hasOwn(claims, name) !== Object.hasOwn(control, name))
			return true;
		if (JSON.stringify(claims[name]) === JSON.stringify(control[name]))
			return false;
		if (Object.hasOwn(edits, name) || !Object.hasOwn(DRAWN, name)) return true;
		return DRAWN[name]?.(job) !== undefined;
	});
}

const lifetime = ({ iat, exp }: Claims) =>
	typeof iat === "number" && typeof exp === "number" ? exp - iat : undefined;
