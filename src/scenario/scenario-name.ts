// What a scenario may be called, so that a misspelt name is an error of the compiler.
import type { BuiltInScenario, NearMissWay, ShortName } from "./ids.js";

/**
 * A scenario's id or short name, or a near miss of a claim such as `near/prefix:project_path`.
 * `Own` are the ids of scenarios of one's own.
 */
export type ScenarioName<Own extends string = never> =
	| BuiltInScenario
	| ShortName
	| `near/${NearMissWay}:${string}`
	| Own;

/**
 * A name as it is written: of a text that is known to the compiler only what there is, any other text as it is.
 * @example
 * token("ref/protected-tga") // Argument of type '"ref/protected-tga"' is not assignable to parameter of type …
 * token(scenario.id)         // a string: looked up when it runs
 */
export type Named<Name extends string, Own extends string> =
	// A pattern of texts, as `string` is one, may be a key that is not there.
	Record<never, never> extends Record<Name, unknown>
		? Name
		: Name extends ScenarioName<Own>
			? Name
			: ScenarioName<Own>;
