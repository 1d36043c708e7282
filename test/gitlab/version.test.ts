// GitLab's versions: read, compared as numbers, refused before the oldest.
import { describe, expect, test } from "vitest";
import {
	atLeast,
	isGitLabVersion,
	LATEST_VERSION,
	parseVersion,
} from "../../src/gitlab/version.js";
import { refusal } from "../refusal.js";

test.for([
	["18.10", "18.9", true],
	["18.9", "18.10", false],
	["18.4", "18.4", true],
	["18.4", "18.4.0", true],
	["18.2.1", "18.2.2", false],
	["18.2.2", "18.2.2", true],
	["18.2.10", "18.2.2", true],
	["19.0", "18.11", true],
	["9.5", "14.7", false],
	["latest", "14.7", false], // must have been read
	["18.4", "x", false],
] as const)("%s is at least %s: %s", ([version, wanted, expected]) => {
	expect(atLeast(version, wanted)).toBe(expected);
});

describe("parseVersion", () => {
	test.for([
		["latest", LATEST_VERSION],
		["14.7", "14.7"],
		["17.11", "17.11"],
		["18.2.2", "18.2.2"],
		["99.0", "99.0"],
	] as const)("reads %s as %s", ([text, version]) => {
		expect(isGitLabVersion(text)).toBe(true);
		expect(parseVersion(text)).toBe(version);
	});

	test.for([
		"14.6",
		"14.6.9",
		"17",
		"17.",
		".7",
		"v17.1",
		"17.1-ee",
		"17.1.2.3",
		"17.1000",
		"Latest",
		" 17.1",
		"17.1\n",
		"",
	])("refuses %j", (text) => {
		expect(isGitLabVersion(text)).toBe(false);
		expect(refusal(() => parseVersion(text))).toEqual({
			code: "invalid_option",
			message: `"${text}" is not a GitLab version that can be emulated: use "latest" or major.minor, 14.7 or newer`,
		});
	});
});
