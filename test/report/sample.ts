// Results to report on: one with everything in it, one that is fine, one that proves nothing, one that is hostile.
import { inferCauses } from "../../src/verdict/cause/infer.js";
import { unprovenFinding } from "../../src/verdict/control-finding.js";
import type {
	Cause,
	CheckFinding,
	CheckResult,
} from "../../src/verdict/result.js";

type Scenario = CheckResult["scenarios"][number];

export const TOKEN =
	"eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJzdWIiOiJwcm9qZWN0X3BhdGg6YWNtZS9hcHAifQ.c2lnbmF0dXJl";

const scenario = (
	id: string,
	title: string,
	outcome: Scenario["outcome"],
	more: Partial<Scenario> = {},
): Scenario => ({
	id,
	title,
	level: "must",
	impact: "forgery",
	rule: null,
	breaks: [],
	expected: "rejected",
	outcome,
	detail: outcome === "accepted" ? "200 OK" : "401 invalid_token",
	earlier: [],
	duration: 0.012,
	passed: true,
	known: false,
	...more,
});

const finding = (
	id: string,
	kind: CheckFinding["kind"],
	more: Partial<CheckFinding> = {},
): CheckFinding => ({
	id,
	kind,
	level: "must",
	impact: "forgery",
	only_if: null,
	fails: true,
	title: "A token",
	rule: null,
	expected: "refused",
	actual: "accepted (200 OK)",
	why: "The reason that the scenario gives.",
	gain: "What an attacker gains by it.",
	remedy: "What the owner does about it.",
	spec: ["RFC 7519 §7.2"],
	seen: [],
	reproduce: `gitlab-oidc-mock token ${id} --aud https://rp.test`,
	token: "eyJhbGciOiJS…",
	link: `https://docs.test/catalogue#${id.replace("/", "-")}`,
	...more,
});

/** A cause that explains two findings. */
export const CAUSE: Cause = {
	id: "alg-none",
	kind: "dangerous",
	level: "must",
	impact: "forgery",
	fails: true,
	sentence: "alg: none is taken.",
	attack: "Anyone gets in.",
	remedy: "Name RS256.",
	example: "algorithm/none",
	findings: ["algorithm/none", "time/expired"],
};

/** A result that has every kind of finding, outcome and probe; its causes are those of its findings. */
export function sampleResult(more: Partial<CheckResult> = {}): CheckResult {
	const result = { ...wholeSample(), ...more };
	const causes = inferCauses(result.scenarios, result.findings);
	return { ...result, causes, ...more };
}

function wholeSample(): CheckResult {
	const expired = "A token that expired an hour ago";
	const none = "A token whose alg is none, with no signature";
	return {
		version: 1,
		tool: { name: "gitlab-oidc-mock", version: "0.1.0" },
		started: "2026-11-20T10:00:00.000Z",
		duration: 83.4,
		target: "POST https://rp.test/v1/login",
		issuer: "https://gitlab.rp.test:8443",
		audience: "https://rp.test",
		service: null,
		conclusion: "findings",
		reason: null,
		notes: [
			"The policy of the profile names no claim: any project of the instance is let in.",
		],
		controls: { sent: 12, accepted: 12 },
		causes: [],
		// Not worst first: a report sorts by itself.
		findings: [
			finding("claims/unknown-claim-added", "too-strict", {
				title: "A token with a claim that GitLab might add tomorrow",
				expected: "accepted",
				actual: "refused (401 unknown claim)",
				gain: "Jobs are turned away on the day on which GitLab is upgraded.",
				remedy: "What the owner does about it.",
				level: "should",
				fails: false,
			}),
			finding("time/expired", "dangerous", {
				title: expired,
				rule: "expiry",
				impact: "replay",
				why: "Tokens end up in logs and artifacts. The time after which they are worth nothing is the only protection, and it is off where a library checks exp only when asked to.",
				gain: "A token from an old log is good for ever.",
				remedy: "What the owner does about it.",
				spec: ["RFC 7519 §4.1.4", "OpenID Connect Core §3.1.3.7"],
			}),
			finding("time/iat-in-future", "dangerous", {
				title: "A token that was issued in an hour",
				rule: "issued-at",
				level: "should",
				impact: "replay",
				only_if: "gitlab-errs",
				fails: false,
				gain: "A limit on a token's age, where there is one, is escaped.",
				remedy: "What the owner does about it.",
			}),
			finding("algorithm/none", "dangerous", {
				title: none,
				rule: "algorithm",
				gain: "Anyone signs in as any job of any project, with no key at all.",
				remedy: "What the owner does about it.",
				spec: ["RFC 8725 §3.1", "RFC 7515 §10.7"],
				seen: ["CVE-2015-9235", "CVE-2022-23540"],
				reproduce:
					"gitlab-oidc-mock token algorithm/none --aud https://rp.test --issuer https://gitlab.rp.test:8443 --baseline project.path=acme/app",
			}),
			finding("probe/rotation", "broken", {
				title: "Accepts a token by a newly published key",
				expected: "accepted within 5 minutes",
				actual: "500 Internal Server Error",
				gain: "No job gets in from a rotation of the keys until a restart.",
				remedy: "What the owner does about it.",
				reproduce: null,
				token: null,
			}),
			finding("key/kid-number", "stale", {
				title: "A kid that is a number",
				expected: "failure",
				actual: "refused (401 invalid_token)",
				why: "A list of known failures is only worth something while it is true.",
				gain: "A new failure here would go unnoticed.",
				remedy: "What the owner does about it.",
				fails: false,
				reproduce: null,
				token: null,
			}),
		],
		scenarios: [
			scenario("valid/baseline", "The honest token", "accepted", {
				expected: "accepted",
			}),
			scenario("time/expired", expired, "accepted", {
				rule: "expiry",
				passed: false,
			}),
			scenario(
				"time/iat-in-future",
				"A token that was issued in an hour",
				"accepted",
				{ rule: "issued-at", level: "should", passed: false },
			),
			scenario(
				"time/not-yet-valid",
				"A token that is valid in an hour",
				"rejected",
				{ rule: "not-before" },
			),
			scenario("algorithm/none", none, "accepted", {
				rule: "algorithm",
				passed: false,
			}),
			scenario(
				"claims/unknown-claim-added",
				"A token with a claim that GitLab might add tomorrow",
				"rejected",
				{ expected: "accepted", level: "should", passed: false },
			),
			scenario("key/kid-number", "A kid that is a number", "rejected", {
				rule: "key",
				known: true,
			}),
			scenario("key/kid-list", "A kid that is a list", "broken", {
				rule: "key",
				known: true,
				passed: false,
				detail: "500 Internal Server Error",
			}),
			...["ref/protected-tag", "ref/unprotected-branch", "user/bot-user"].map(
				(id) =>
					scenario(id, `The token of ${id}`, "not-applicable", {
						rule: "policy",
						expected: null,
						detail: "the profile's policy names no claim",
						duration: 0,
					}),
			),
			scenario("instance/jwks-timeout", "Keys that never come", "skipped", {
				expected: null,
				detail: "--fast leaves out what takes more than ten seconds",
				duration: 0,
			}),
		],
		probes: [
			{
				id: "probe/rotation",
				title: "Accepts a token by a newly published key",
				level: "must",
				impact: "interoperability",
				outcome: "failed",
				detail: "500 Internal Server Error for 60 s",
				measured: { "seconds until accepted": null, "fetches of keys": 3 },
				evidence: [
					"GET /oauth/discovery/keys 200",
					"GET /oauth/discovery/keys 200",
				],
				duration: 61.5,
				known: false,
			},
			{
				id: "probe/leeway",
				title: "Allows clocks to differ by minutes, not hours",
				level: "should",
				impact: "replay",
				outcome: "reported",
				detail: "within what is usual",
				measured: { exp: "60 s", nbf: "0 s" },
				evidence: [],
				duration: 4.2,
				known: false,
			},
			{
				id: "probe/caching",
				title: "Does not fetch the keys for every token",
				level: "should",
				impact: "robustness",
				outcome: "passed",
				detail: "one fetch for 20 tokens",
				measured: { fetches: 1 },
				evidence: ["GET /.well-known/openid-configuration 200"],
				duration: 0.4,
				known: false,
			},
			{
				id: "probe/outage",
				title: "Bears an outage of the instance",
				level: "should",
				impact: "interoperability",
				outcome: "not-applicable",
				detail: "the issuer is not run by the check",
				measured: {},
				evidence: [],
				duration: 0,
				known: false,
			},
		],
	};
}

/** A result in which all is well. */
export const fineResult = (): CheckResult => {
	const { scenarios, probes } = sampleResult();
	return sampleResult({
		conclusion: "conforms",
		findings: [],
		notes: [],
		scenarios: scenarios.filter(({ passed }) => passed),
		probes: probes.filter(({ outcome }) => outcome !== "failed"),
	});
};

/** A result of a relying party that refuses the honest token. */
export const voidResult = (): CheckResult =>
	sampleResult({
		conclusion: "proves-nothing",
		reason: "the honest token was refused: 401 unknown issuer",
		controls: { sent: 3, accepted: 0 },
		findings: [unprovenFinding("the honest token was refused: 401")],
	});

/** Text that no report may let through. */
export const HOSTILE = [
	"\u001b[2J\u001b]0;title\u0007",
	"]]>",
	"<script>alert(1)</script>",
	"--> & &amp; \" '",
	"\u0000\u0008\u007f\u009b31m\r\n\u2028",
	"\u202eright to left\u2066\u200f",
	"\ud800 and \udc00 \ufffe\uffff",
	"[link](https://evil.test) {0} `code`",
	`Bearer ${TOKEN}`,
	"word ".repeat(2_000),
].join(" ");

// Words of the format itself, which are not free.
const FIXED = ["kind", "level", "impact", "only_if", "outcome", "conclusion"];

/** The sample with hostile text behind every text in it, names of measures included. */
export function hostileResult(): CheckResult {
	const worsen = (value: unknown, key = ""): unknown => {
		if (typeof value === "string") {
			if (FIXED.includes(key)) return value;
			// A token that was asked for may be long, and is one.
			return value + (key === "token" ? HOSTILE.slice(0, 300) : HOSTILE);
		}
		if (Array.isArray(value)) return value.map((member) => worsen(member));
		if (typeof value !== "object" || value === null) return value;
		return Object.fromEntries(
			Object.entries(value).map(([name, member]) =>
				key === "measured"
					? [name + HOSTILE, worsen(member)]
					: [name, worsen(member, name)],
			),
		);
	};
	const result = worsen(
		sampleResult({
			causes: [CAUSE, { ...CAUSE, fails: false, findings: ["x"] }],
		}),
	) as CheckResult;
	// A scenario's rule and what is expected are words of the format, a finding's are free.
	const { scenarios } = sampleResult();
	return {
		...result,
		scenarios: result.scenarios.map((entry, index) => ({
			...entry,
			rule: scenarios[index]?.rule ?? null,
			expected: scenarios[index]?.expected ?? null,
		})),
	};
}
