// A near-miss file is no scenario of its own: it is one for each claim, made when it is asked for.
import { MockError } from "../../errors.js";
import type { Scenario } from "../schema.js";

/** What makes it one. */
export interface Template {
	near: NonNullable<Scenario["near"]>;
}

/** Whether a file is a way of being sloppy, which is asked for with a claim. */
export const isTemplate = (
	scenario: Scenario,
): scenario is Scenario & Template => scenario.near !== undefined;

/** Why a plain scenario is not asked for with a claim. */
export const takesNoClaim = (id: string): MockError =>
	new MockError(
		"unknown_scenario",
		`${id} is no near miss, and takes no claim`,
	);
