// Every probe, in the order in which they are made: those that leave the keys alone first.
import { afterExpiry } from "./after-expiry.js";
import { attackerFetch } from "./attacker-fetch.js";
import { concurrency } from "./concurrency.js";
import { caching, unknownKidFlood } from "./fetching.js";
import { hostileTokens } from "./hostile-tokens.js";
import { leeway } from "./leeway.js";
import { otherPayload } from "./other-payload.js";
import { otherSignature } from "./other-signature.js";
import { outage } from "./outage.js";
import type { Probe } from "./probe.js";
import { publishedKeys } from "./published-keys.js";
import { replay } from "./replay.js";
import { retirement } from "./retirement.js";
import { rotation } from "./rotation.js";
import { sameJti } from "./same-jti.js";
import { tokenEcho } from "./token-echo.js";

export const PROBES: readonly Probe[] = [
	caching,
	replay,
	otherSignature,
	otherPayload,
	sameJti,
	tokenEcho,
	leeway,
	concurrency,
	attackerFetch,
	hostileTokens,
	unknownKidFlood,
	afterExpiry,
	outage,
	rotation,
	publishedKeys,
	retirement,
];
