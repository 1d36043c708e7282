// What Vault's and OpenBao's JWT method lets in whatever a role says. Nobody who writes a role can change it.
import type { BuiltInScenario } from "../scenario/ids.js";

/**
 * Measured on the validating code of Vault (hashicorp/vault-plugin-auth-jwt and hashicorp/cap, November 2026): neither
 * `typ`, `sub`, `iat` nor how long a token lives is looked at, an empty `kid` counts as none, and every published key is
 * tried then, whatever its `use` and size.
 */
const ALWAYS = [
	...["claims/sub-does-not-match", "claims/sub-empty", "claims/sub-missing"],
	"encoding/inner-newline",
	"encoding/inner-space",
	"encoding/invalid-utf-8",
	"encoding/json-serialization-flattened",
	"encoding/json-serialization-general",
	"encoding/leading-space",
	"encoding/non-canonical-last-character",
	"encoding/trailing-newline",
	"header/access-token",
	"header/crit-empty",
	"header/crit-null",
	"header/logout-token",
	"header/security-event-token",
	...["header/typ-list", "header/typ-null", "header/typ-other"],
	...["key/key-with-use-enc", "key/kid-empty", "key/kid-null"],
	"key/rsa-1024-key-in-jwks",
	"time/exp-in-milliseconds",
	"time/iat-missing",
	"time/lifetime-of-ten-years",
	"token-type/job-token",
	"token-type/legacy-job-jwt-v1",
	"token-type/logout-token",
	"token-type/sign-in-token-with-claims-of-a-job",
] as const satisfies readonly BuiltInScenario[];

/** For a while after `iat` or `nbf`, unless both leeways are switched off. */
const WITHOUT_EXP = [
	...["time/exp-missing", "time/exp-null", "time/exp-zero"],
] as const satisfies readonly BuiltInScenario[];

/** Its JSON form is read, and never the forged claims. */
const IN_TWO_HALVES = [
	"encoding/json-around-forged-claims",
] as const satisfies readonly BuiltInScenario[];

/** It fetches the keys anew for each token whose `kid` it does not know. */
const PROBES = ["probe/unknown-kid-flood"] as const;

/**
 * Scenarios and probes, by id.
 * @param grace for how long a token without `exp` is taken after its `iat` or `nbf`, seconds
 * @param isOpen whether the role binds nothing, so that the genuine half of a token in two halves is enough for it
 */
export const vaultWays = (
	grace: number,
	isOpen: boolean,
): readonly string[] => [
	...ALWAYS,
	...(grace > 0 ? WITHOUT_EXP : []),
	...(isOpen ? IN_TWO_HALVES : []),
	...PROBES,
];
