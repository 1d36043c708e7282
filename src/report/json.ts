// The report as JSON: the result itself, as `schemas/result.json` describes it.
import type { CheckResult } from "../verdict/result.js";
import { cleanResult } from "./clean.js";

/** The result, indented. */
export const renderJson = (result: CheckResult): string =>
	`${JSON.stringify(cleanResult(result), null, 2)}\n`;
