// What a scenario needs of the baseline, and what is said where it is not so.
import { describe, expect, test } from "vitest";
import { baselineJob } from "../../src/scenario/baseline.js";
import { checkRequirements } from "../../src/scenario/requirements.js";
import { refusal } from "../refusal.js";
import { scenarioOf } from "./scenario.js";

const JOB = baselineJob("x");
const TAG = { ...JOB, ref_type: "tag" as const };
const USER = JOB.user;
const OWN = { ...JOB, project: { ...JOB.project, path: "Sample-User/x" } };
const BOT = USER && { ...JOB, user: { ...USER, login: "project_1_bot_ab" } };

describe("a scenario that needs", () => {
	test.for([
		["branch", JOB, undefined],
		["branch", TAG, "the baseline's ref is a tag"],
		["tag", TAG, undefined],
		["tag", JOB, "the baseline's ref is a branch"],
		["group", JOB, undefined],
		[
			"group",
			OWN,
			"the baseline's project is in the user's own namespace, where no groups are",
		],
		["person", JOB, undefined],
		["person", BOT ?? JOB, "project_1_bot_ab is a bot, and owns no projects"],
		["person", { ...JOB, user: null }, "the baseline's job has no user"],
	] as const)("baseline.%s", ([part, job, lacks]) => {
		const scenario = scenarioOf(`requires: [baseline.${part}]\n`);
		const check = () => checkRequirements(scenario, "19.1", () => job);
		if (lacks === undefined) expect(check).not.toThrow();
		else {
			expect(refusal(check)).toEqual({
				code: "not_applicable",
				message: `family/name: ${lacks}`,
			});
		}
	});
});
