// What can be wrong with a relying party, in a word.
import { IMPACTS } from "../scenario/severity.js";

const FAILING = ["dangerous", "broken", "too-strict", "stale"] as const;

/**
 * What is wrong. `dangerous`: it let in what it must not. `broken`: it neither accepted nor rejected.
 * `too-strict`: it rejected what is genuine. `stale`: a known failure that passes now. `note`: it let in what the specs
 * leave open, and nobody gains by it. `service`: it let in what this service lets in whatever its user configures.
 * `unproven`: the honest token was not accepted, or not any more, so that refusals
 * prove nothing.
 */
export const KINDS = [...FAILING, "unproven", "service", "note"] as const;
export type FindingKind = (typeof KINDS)[number];

/** What can be chosen to fail a run: kinds, and impacts. */
export const FAIL_ON = [...FAILING, ...IMPACTS] as const;
export type FailOn = (typeof FAIL_ON)[number];
