// An instance for tests: keys made once for the file, a clock that stands still.
import { frozenClock } from "../../src/clock.js";
import { BUILT_IN, loadCatalogue } from "../../src/scenario/catalogue.js";
import { type AppOptions, createApp } from "../../src/server/app.js";
import {
	createInstance,
	type InstanceSettings,
} from "../../src/server/instance/instance.js";
import { createRegistry } from "../../src/server/instance/registry.js";
import { keyPool } from "../../src/token/key-pool.js";
import { generateKeySet } from "../../src/token/keys.js";

/** The time of the clock: a second that no machine will show by chance. */
export const NOW = 1_800_000_000;

/** The keys of every instance in this file. */
export const testKeys = generateKeySet();
const pool = keyPool();
const catalogue = loadCatalogue([BUILT_IN]);

/** The instances of a server whose root answers at whatever name it is called, unless `changes` say otherwise. */
const testRegistry = (changes: Partial<InstanceSettings> = {}) =>
	createRegistry(
		createInstance({
			name: "",
			version: "19.5",
			plan: "ultimate",
			audience: "https://rp.example.com",
			clock: frozenClock(NOW),
			keys: testKeys,
			pool,
			catalogue,
			requests: 1000,
			...changes,
		}),
		pool,
	);

/** An application, ready for supertest. */
export const testApp = (
	changes: Partial<InstanceSettings> = {},
	options: AppOptions = {},
) => createApp(testRegistry(changes), options).callback();
