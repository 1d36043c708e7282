// A profile is refused when it is read, with the place: what it would come to grief over later.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
	checkedProfile,
	type Profile,
	readProfile,
} from "../../src/check/profile.js";
import { claimNames } from "../../src/gitlab/claim-names.js";
import { claimsIn, ENVIRONMENT, POLICY } from "../gitlab/job.js";

let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "profile-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** Reads a profile of this text: what it says, or what is wrong with it, a line each, without the file's name. */
async function read(text: string): Promise<Profile | string[]> {
	const file = join(folder, "rp.yaml");
	await writeFile(file, text);
	return readProfile(file).catch((error: Error) =>
		error.message.split("\n").map((line) => line.replace(`${file}:`, "")),
	);
}

const http = (members: string) =>
	`target:\n  http:\n    url: http://127.0.0.1:9000/\n${members
		.split("\n")
		.map((line) => `    ${line}\n`)
		.join("")}`;

test.for<[string, string[], string]>([
	[
		"job:\n  environment: { name: production, tier: production }",
		["2:36: job.environment.tier: unknown key; nearest: deployment_tier"],
		"job:\n  environment: { name: production, deployment_tier: production }",
	],
	["polcy: {}", ["1:1: polcy: unknown key; nearest: policy"], "policy: {}"],
	["zebra: {}", ["1:1: zebra: unknown key"], "{}"],
	[
		http("acepted: [200]"),
		["4:5: target.http.acepted: unknown key; nearest: accepted"],
		http("accepted: [200]"),
	],
	[
		http("accepted: [200]\nrejected: [200, 403]"),
		[
			"5:15: target.http.rejected: 200 means accepted as well; accepted_body or rejected_body has to tell the two apart",
		],
		http("accepted: [200]\nrejected: [200, 403]\nrejected_body: denied"),
	],
	[
		http("rejected: [2xx]"),
		[
			"4:15: target.http.rejected: 2xx means accepted as well; accepted_body or rejected_body has to tell the two apart",
		],
		http("rejected: [2xx]\naccepted_body: welcome"),
	],
	[
		http("accepted: [401]"),
		[
			"4:15: target.http.accepted: 401 means rejected, unless `rejected` says otherwise; accepted_body or rejected_body has to tell the two apart",
		],
		http("accepted: [401]\nrejected: [403]"),
	],
	[
		http("accepted_body: ("),
		[
			"4:20: target.http.accepted_body: Invalid regular expression: /(/u: Unterminated group",
		],
		http("accepted_body: ()"),
	],
	[
		http("headers: { Authorization: Basic }"),
		[
			"3:5: target.http: no part of it has {token}, and headers.Authorization is taken; write {token} where the RP reads it",
		],
		http("headers: { Authorization: 'JWT {token}' }"),
	],
	[
		"target: { http: { url: nowhere } }",
		[
			'1:24: target.http.url: expected one such as http://127.0.0.1:9000/login, got "nowhere"',
		],
		"target: { http: { url: 'http://127.0.0.1:{port}' } }",
	],
	[
		http("headers: { Content-Length: '1' }"),
		[
			"4:32: target.http.headers.Content-Length: is set by itself; leave it out",
		],
		http("headers: { X-Length: '1' }"),
	],
	[
		"policy:\n  claims: { projct_path: a/b }",
		[
			"2:26: policy.claims.projct_path: no token of a GitLab job has this claim, so nobody gets in; nearest: project_path, project_id, job_project_path",
		],
		"policy:\n  claims: { project_path: a/b }",
	],
	[
		"policy: { claims: { tier: production } }",
		[
			"1:27: policy.claims.tier: no token of a GitLab job has this claim, so nobody gets in; nearest: deployment_tier",
		],
		"policy: { claims: { tier: { equals: production, missing: ok } } }",
	],
	[
		"policy: { required: [zebra], any_of: [{ claims: { /zebra/0: x } }] }",
		[
			"1:22: policy.required.0: no token of a GitLab job has this claim, so nobody gets in",
			"1:61: policy.any_of.0.claims./zebra/0: no token of a GitLab job has this claim, so nobody gets in",
		],
		"policy: { required: [jti], any_of: [{ claims: { /groups_direct/0: x } }] }",
	],
])("%s", async ([wrong, problems, right]) => {
	expect(await read(wrong)).toEqual(problems);
	expect(await read(right)).toBeTypeOf("object");
	expect(await read(right)).not.toBeInstanceOf(Array);
});

test("one that was made in code says the nearest key, too", () => {
	expect(() => checkedProfile({ limits: { timeot: 1 } })).toThrow(
		"limits.timeot: unknown key; nearest: timeout",
	);
	expect(checkedProfile({ limits: { timeout: 1 } })).toEqual({
		limits: { timeout: 1 },
	});
});

describe("the names of claims", () => {
	test("are those of all versions' tokens", () => {
		const whole = {
			environment: ENVIRONMENT,
			policy: POLICY,
			target_audience: "x",
			user: {
				id: 1,
				login: "jo",
				email: null,
				access_level: null,
				groups_direct: [],
				identities: [],
			},
		};
		const names = ["15.7", "17.2", "99.0"].flatMap((version) =>
			Object.keys(claimsIn(version, whole)),
		);
		expect(new Set(names)).toEqual(new Set(claimNames()));
	});
});
