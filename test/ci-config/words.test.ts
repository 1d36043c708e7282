// The small languages within a pipeline file: durations, slugs, wildcards; and the URLs of remotes.
import { expect, test } from "vitest";
import { globMatcher } from "../../src/ci-config/glob.js";
import { plainScalar } from "../../src/ci-config/scalar.js";
import { environmentSlug, slug } from "../../src/ci-config/slug.js";
import { parseTimeout } from "../../src/ci-config/timeout.js";
import { projectOfRemote } from "../../src/server/pipeline/remote-url.js";

test.for([
	["1h 30m", 5400],
	["3 hours 30 minutes", 12_600],
	["3600", 3600],
	["90 minutes", 5400],
	["2h20min", 8400],
	["1 day", 86_400],
	["1 week and 2 days", 777_600],
	["1.5 hours", 5400],
	["1:30:00", 5400],
	["1 month", 2_592_000],
	["10 secs", 10],
	["5 weeks", undefined],
	["0", undefined],
	["", undefined],
	["soon", undefined],
	["-1h", undefined],
	["3 fortnights", undefined],
	["h 3", undefined],
	["1h ".repeat(40), undefined],
	[`${"1".repeat(90)}!`, undefined],
] as const)("timeout: %s is %s seconds", ([text, seconds]) => {
	expect(parseTimeout(text)).toBe(seconds);
});

test.for([
	["1,000", 1000],
	["1,0,", "1,0,"],
	["-0x1F", -31],
	["+0b11", 3],
	["0_7", 7],
	["9007199254740993", { exact: "9007199254740993" }],
	["-9007199254740993", { exact: "-9007199254740993" }],
	["-1:30", -1800],
	["1:30.5", { exact: "5430.0" }],
	["-.inf", { exact: "-Infinity" }],
	[".NaN", { exact: "NaN" }],
	["1.", { exact: "1.0" }],
	["123456789.5e+10", { exact: "1.234567895e+18" }],
	[':"a b"', "a b"],
	["2024-01-02T03:04:05Z", { refused: "Time" }],
	["2024-1-2", { refused: "Date" }],
	["2024-13-02", "2024-13-02"],
	["nO", false],
	["NULL", null],
	["nullx", "nullx"],
	["", null],
] as const)("the plain scalar %s is %j", ([text, expected]) => {
	expect(plainScalar(text)).toEqual(expected);
});

test.for([
	["feature/Log-in_2", "feature-log-in-2"],
	["-a-", "a"],
	[`${"x".repeat(62)}/y`, "x".repeat(62)],
	["äö", ""],
] as const)("the slug of %s is %s", ([text, expected]) => {
	expect(slug(text)).toBe(expected);
});

test.for([
	["production", /^production$/],
	["staging-1234567890123456", /^staging-1234567890123456$/],
	["staging-12345678901234567", /^staging-123456789-[0-9a-z]{6}$/],
	["review/1-foo", /^review-1-foo-[0-9a-z]{6}$/],
	["PRODUCTION", /^production-[0-9a-z]{6}$/],
	["1-foo", /^env-1-foo-[0-9a-z]{6}$/],
	["foo--bar", /^foo-bar-[0-9a-z]{6}$/],
	["foo-", /^foo$/],
] as const)("CI_ENVIRONMENT_SLUG of %s is like %s", ([name, expected]) => {
	expect(environmentSlug(name)).toMatch(expected);
});

test.for([
	["*.yml", "a.yml", true],
	["*.yml", "a/b.yml", false],
	["**.yml", "a/b.yml", true],
	["a/**/*.yml", "a/b/c/d.yml", true],
	["a/*.yml", "a/b.yaml", false],
	["a.yml", "aXyml", false],
	["*", "", true],
] as const)("%s and %s match: %s", ([pattern, path, expected]) => {
	expect(globMatcher(pattern)(path)).toBe(expected);
});

test.for([
	["git@gitlab.com:acme/app.git", "acme/app"],
	["gitlab.com:acme/shop/app", "acme/shop/app"],
	["ssh://git@gitlab.acme.test:2222/acme/app.git", "acme/app"],
	["https://gitlab.com/acme/app.git/", "acme/app"],
	["https://oauth2:glpat-secret@gitlab.com/acme/app.git", "acme/app"],
	["git@[::1]:acme/app.git", "acme/app"],
	["https://gitlab.com/acme/my.app", "acme/my.app"],
	["/srv/git/acme/app.git", undefined],
	["../app.git", undefined],
	["C:\\repos\\acme\\app", undefined],
	["c:/repos/acme/app", undefined],
	["file:///srv/acme/app.git", undefined],
	["git@gitlab.com:app.git", undefined],
	["https://gitlab.com/acme/../app", undefined],
	["https://gitlab.com/acme/a%20b", undefined],
	["git@gitlab.com:acme/\u001b[2J", undefined],
	["", undefined],
] as const)("the project of %s is %s", ([url, expected]) => {
	expect(projectOfRemote(url)).toBe(expected);
});
