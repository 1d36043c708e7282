// What a scenario or a probe came to: its result, and what is wrong, if anything.
import type { CheckFinding, ProbeResult, ScenarioResult } from "./result.js";

/** What a scenario came to. */
export interface JudgedScenario {
	result: ScenarioResult;
	finding: CheckFinding | undefined;
}

/** What a probe came to. */
export interface JudgedProbe {
	result: ProbeResult;
	finding: CheckFinding | undefined;
}
