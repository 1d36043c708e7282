// An instance for tests: keys made once for the file, a clock that stands still.
import { frozenClock } from "../../src/clock.js";
import { BUILT_IN, loadCatalogue } from "../../src/scenario/catalogue.js";
import { createApp } from "../../src/server/app.js";
import type { Instance } from "../../src/server/instance.js";
import { generateKeySet } from "../../src/token/keys.js";

/** The time of the clock: a second that no machine will show by chance. */
export const NOW = 1_800_000_000;

const keys = generateKeySet();
const catalogue = loadCatalogue([BUILT_IN]);

/** An instance that answers at whatever name it is called, unless `changes` say otherwise. */
export function testInstance(changes: Partial<Instance> = {}): Instance {
	return {
		issuer: undefined,
		version: "19.1",
		plan: "ultimate",
		audience: "https://rp.example.com",
		clock: frozenClock(NOW),
		keys,
		catalogue,
		...changes,
	};
}

/** Its application, ready for supertest. */
export const testApp = (changes: Partial<Instance> = {}, options = {}) =>
	createApp(testInstance(changes), options).callback();
