// From a scenario to its plan: the same ids each time, other times and jti, the version's limits.
import { describe, expect, test } from "vitest";
import { baselineJob } from "../../src/scenario/baseline.js";
import { compile, type Issuing, jobOf } from "../../src/scenario/compile.js";
import { refusal } from "../refusal.js";
import { scenarioOf } from "./scenario.js";

const NOW = 1_800_000_000;
const SITUATION: Issuing = {
	issuer: "https://gitlab.example.com",
	version: "19.1",
	plan: "ultimate",
	now: NOW + 0.75,
	audience: "https://rp.example.com",
};
const plan = (text = "", changes: Partial<Issuing> = {}, id?: string) =>
	compile(scenarioOf(text, id), { ...SITUATION, ...changes });
const payload = (...args: Parameters<typeof plan>) =>
	plan(...args).payload as Record<string, unknown>;

describe("the ids", () => {
	const ids = (token: Record<string, unknown>) => [
		token.job_id,
		token.pipeline_id,
		token.runner_id,
		token.sha,
	];

	test("are the same each time, for the same scenario", () => {
		expect(ids(payload())).toEqual(ids(payload()));
		expect(ids(payload("job: { ref: other }\n"))).toEqual(ids(payload()));
		expect(baselineJob("a/b")).toEqual(baselineJob("a/b"));
	});

	test("are others for another scenario, of the same project and user", () => {
		const [one, other] = [payload(), payload("", {}, "family/other")];
		for (const [index, id] of ids(one).entries()) {
			expect(id).not.toBe(ids(other)[index]);
		}
		for (const claim of ["project_id", "namespace_id", "user_id", "sub"]) {
			expect(one[claim]).toBe(other[claim]);
		}
	});

	test("are those that this scenario always had", () => {
		expect(ids(payload("", {}, "valid/baseline"))).toMatchInlineSnapshot(`
			[
			  "1283315143",
			  "138070832",
			  1616949,
			  "d1c0c30608fafbde7af6bf54d6ae0bbf6dd3e5bc",
			]
		`);
	});

	test("but jti differs each time, and is a UUID v4", () => {
		const jtis = [payload().jti, payload().jti];
		expect(jtis[0]).not.toBe(jtis[1]);
		for (const jti of jtis) {
			expect(jti).toMatch(
				/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
			);
		}
	});
});

describe("the times", () => {
	test.for<[string, object]>([
		["", { iat: NOW, nbf: NOW - 5, exp: NOW + 3600 }],
		[
			"token: { issued: now-2h }",
			{ iat: NOW - 7200, nbf: NOW - 7205, exp: NOW - 3600 },
		],
		[
			"token: { issued: now+1m }",
			{ iat: NOW + 60, nbf: NOW + 55, exp: NOW + 3660 },
		],
		[
			"token: { claims: { exp: now-1s } }",
			{ iat: NOW, nbf: NOW - 5, exp: NOW - 1 },
		],
		[
			"token: { issued: now-2h, claims: { nbf: now } }",
			{ iat: NOW - 7200, nbf: NOW, exp: NOW - 3600 },
		],
		["job: { timeout: null }", { iat: NOW, exp: NOW + 300 }],
	])("of %s, in whole seconds", ([text, times]) => {
		expect(payload(text)).toMatchObject(times);
	});

	test("follow the clock", () => {
		expect(payload("", { now: 5 })).toMatchObject({
			iat: 5,
			nbf: 0,
			exp: 3605,
		});
	});

	test("in the header too", () => {
		const { header } = plan("token: { header: { iat: now, x: 1 } }");
		expect(header({ alg: "RS256" })).toEqual({ alg: "RS256", iat: NOW, x: 1 });
	});
});

describe("the instance", () => {
	test.for<[string, string]>([
		["", "19.1"],
		["instance: { gitlab_version: '17.3' }", "17.3"],
		["instance: { gitlab_version: latest }", "19.5"],
	])("%s: the claims of %s", ([text, version]) => {
		const own = Object.keys(payload(text, { version: "19.1" }));
		expect(own).toEqual(Object.keys(payload("", { version })));
		if (text) {
			expect(own).toEqual(Object.keys(payload(text, { version: "15.7" })));
		}
	});

	test("has its own plan, else the situation's", () => {
		const text = "job: { environment: { protected: true } }\n";
		const free = `${text}instance: { plan: free }\n`;
		expect(payload(text).environment_protected).toBe("true");
		expect(payload(free).environment_protected).toBe("false");
		expect(payload(text, { plan: "free" }).environment_protected).toBe("false");
	});
});

describe("what a scenario requires", () => {
	const text = "requires: [cold-cache, policy.ref, 'gitlab>=18.2.2']\n";

	test.for(["18.2.2", "18.10", "19.1"])("is there in %s", (version) => {
		expect(payload(text, { version }).ref).toBe("main");
	});

	test.for(["18.2.1", "18.2", "17.11"])("is not there in %s", (version) => {
		expect(refusal(() => plan(text, { version }))).toEqual({
			code: "not_applicable",
			message: `family/name needs GitLab 18.2.2 or newer, and this instance is ${version}`,
		});
	});

	test("is asked of the scenario's own version", () => {
		const own = `${text}instance: { gitlab_version: "18.3" }\n`;
		expect(payload(own, { version: "17.0" }).ref).toBe("main");
	});
});

describe("the plan", () => {
	test("is an honest one, unless the scenario says otherwise", () => {
		const { signing, mangle, header } = plan();
		expect({ signing, mangle }).toEqual({ signing: { key: "ci" }, mangle: [] });
		const honest = { kid: "k", typ: "JWT", alg: "RS256" };
		expect(header(honest)).toEqual(honest);
	});

	test("is job, then claims, then what is changed after signing", () => {
		const { payload, mangle } = plan(`job: { ref: { append: -a } }
token:
  claims: { ref: { append: -b } }
  mangle: [flip-signature-bit, { claims: { ref: { append: -c }, exp: now } }]
`);
		expect(payload).toMatchObject({
			ref: "main-a-b",
			ref_path: "refs/heads/main-a",
		});
		expect(mangle).toEqual([
			"flip-signature-bit",
			{ payload: { ...(payload as object), ref: "main-a-b-c", exp: NOW } },
		]);
	});

	test("fills in what the baseline job has not", () => {
		const job = jobOf(
			scenarioOf(
				"job: { environment: {}, fork_of: { id: 5 }, policy: {}, user: null }\n",
			),
		);
		expect(job).toMatchObject({
			environment: { name: "production", action: "start", protected: false },
			fork_of: { id: 5, path: "parent-group/my-project" },
			policy: { source: "pipeline_execution_policy" },
			user: null,
		});
	});

	test("is refused where an edit does not fit", () => {
		expect(
			refusal(() =>
				plan(
					"job: { user: { email: null } }\ntoken: { claims: { user_email: { append: x } } }\n",
				),
			),
		).toEqual({
			code: "not_applicable",
			message: "user_email: the baseline has nothing there",
		});
	});

	test("is refused where that GitLab refuses the job's settings", () => {
		const text = "job: { sub_components: [project_id, ref] }\n";
		expect(payload(text).sub).toBe("project_id:4217:ref:main");
		expect(refusal(() => plan(text, { version: "18.11" }))).toEqual({
			code: "not_applicable",
			message:
				"sub_components: GitLab 18.11 does not know project_id, which came in 19.0",
		});
	});
});
