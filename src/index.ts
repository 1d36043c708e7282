// The library's public API.

export {
	type Clock,
	type ClockState,
	frozenClock,
	shiftedClock,
	systemClock,
} from "./clock.js";
export { type ErrorCode, MockError } from "./errors.js";
export type { Claims } from "./gitlab/claims.js";
export type { Job } from "./gitlab/job.js";
export type { Plan } from "./gitlab/plan.js";
export {
	type CheckOptions,
	checkRelyingParty,
	type PolicyOptions as Policy,
} from "./harness/check-relying-party.js";
export { type VectorsOptions, vectors } from "./harness/vectors.js";
export type { Verify } from "./relying-party/target/function.js";
export {
	FORMATS,
	type FormatName,
	type ReportFormat,
} from "./report/formats.js";
export type { Fault, FaultMap } from "./scenario/fault.js";
export type { BuiltInScenario, ShortName } from "./scenario/ids.js";
export type { MintedToken } from "./scenario/mint.js";
export type { ScenarioName } from "./scenario/scenario-name.js";
export type { Adjustment, Scenario } from "./scenario/schema.js";
export type { Impact, Level } from "./scenario/severity.js";
export type { Vector, Vectors } from "./scenario/vectors/schema.js";
export type {
	ClockControl,
	Duration,
	FaultsControl,
	KeysControl,
	PublicKey,
	RequestsControl,
} from "./server/control.js";
export type {
	RequestEntry,
	RequestFilter,
} from "./server/instance/request-log.js";
export type {
	CheckoutOptions as Checkout,
	Situation,
} from "./server/pipeline/job-tokens.js";
export {
	type GitLab,
	type InstanceOptions as InstanceConfig,
	startGitLab,
	type TokenOptions,
} from "./server/start-gitlab.js";
export type { StartOptions } from "./server/start-options.js";
export type { TlsOptions } from "./server/tls.js";
export type { PublicJwk } from "./token/keys.js";
export type { KeyRole, RotationOrder } from "./token/rotation.js";
export { RULES, type Rule, type RuleText } from "./token/rules.js";
export { type Expectation, type Finding, verifyToken } from "./token/verify.js";
export type { FailOn, FindingKind } from "./verdict/kinds.js";
export type {
	CheckFinding,
	CheckResult,
	ProbeResult,
	ScenarioResult,
} from "./verdict/result.js";
