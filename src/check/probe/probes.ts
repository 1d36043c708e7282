// Every probe, in the order in which they are made: those that leave the keys alone first.
import { attackerFetch } from "./attacker-fetch.js";
import { concurrency } from "./concurrency.js";
import { caching, unknownKidFlood } from "./fetching.js";
import { retirement, rotation } from "./keys.js";
import { leeway } from "./leeway.js";
import { outage } from "./outage.js";
import type { Probe } from "./probe.js";
import { replay } from "./replay.js";

export const PROBES: readonly Probe[] = [
	caching,
	replay,
	leeway,
	concurrency,
	attackerFetch,
	outage,
	unknownKidFlood,
	rotation,
	retirement,
];
