// The tier that GitLab guesses from an environment's name.

export const DEPLOYMENT_TIERS = [
	"production",
	"staging",
	"testing",
	"development",
	"other",
] as const;

export type DeploymentTier = (typeof DEPLOYMENT_TIERS)[number];

// GitLab's own expressions, in its order: so `preprod` is staging and `production-review` development.
const BY_NAME: readonly [RegExp, DeploymentTier][] = [
	[/dev|review|trunk/i, "development"],
	[/test|tst|int|ac(ce|)pt|qa|qc|control|quality/i, "testing"],
	[/st(a|)g|mod(e|)l|pre|demo|non/i, "staging"],
	[/pr(o|)d|live/i, "production"],
];

/** The deployment tier of an environment whose job names none. */
export function tierByName(environment: string): DeploymentTier {
	return BY_NAME.find(([pattern]) => pattern.test(environment))?.[1] ?? "other";
}
