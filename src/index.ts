// The library's public API.
export { type Clock, frozenClock, shiftedClock, systemClock } from "./clock.js";
export { type ErrorCode, MockError } from "./errors.js";
export type { Claims, Plan } from "./gitlab/claims.js";
export type { Job } from "./gitlab/job.js";
export type { BuiltInScenario, ShortName } from "./scenario/ids.js";
export type { MintedToken } from "./scenario/mint.js";
export type { Adjustment, Scenario } from "./scenario/schema.js";
export type { StartOptions } from "./server/start.js";
export {
	type GitLab,
	type PublicKey,
	type ScenarioName,
	startGitLab,
	type TokenOptions,
} from "./server/start-gitlab.js";
export type { TlsOptions } from "./server/tls.js";
export type { PublicJwk } from "./token/keys.js";
export { RULES, type Rule, type RuleText } from "./token/rules.js";
export { type Expectation, type Finding, verifyToken } from "./token/verify.js";
