// An RP that refuses the honest token: the run says what it most likely objects to, and no more than was seen.
import { createLocalJWKSet, createRemoteJWKSet, jwtVerify } from "jose";
import { describe, expect, test } from "vitest";
import { type CheckOptions, checkRelyingParty } from "../../src/index.js";

/** What differs from a relying party that fits. */
interface Setup {
	issuer?: string;
	/** what it expects behind the issuer */
	slash?: "/";
	audience?: string;
	/** where it looks for the issuer's keys */
	path?: string;
	/** whose keys it has, instead of fetching the issuer's */
	keys?: "none" | "another";
	/** seconds that its clock is off */
	off?: number;
	project?: string;
	/** what it takes beside a good signature */
	algorithm?: string;
	/** what it says for want of a token, which it looks for elsewhere */
	deaf?: string;
	/** whether it says why; `bare` says nothing, `status` tells a bad token from a job that it does not know */
	says?: "why" | "status" | "bare";
}

const PROJECT = "my-group/my-project";

function verifier(setup: Setup): CheckOptions["verify"] {
	let keys: Parameters<typeof jwtVerify>[1] | undefined;
	return async (token, place) => {
		const { says = "why", off = 0 } = setup;
		if (setup.deaf !== undefined) throw new Error(setup.deaf);
		keys ??=
			setup.keys === undefined
				? createRemoteJWKSet(
						new URL(place.issuer + (setup.path ?? "/oauth/discovery/keys")),
					)
				: (createLocalJWKSet({ keys: [] }) as unknown as typeof keys);
		let claims: Record<string, unknown>;
		try {
			({ payload: claims } = await jwtVerify(
				token,
				keys as ReturnType<typeof createRemoteJWKSet>,
				{
					issuer: setup.issuer ?? `${place.issuer}${setup.slash ?? ""}`,
					audience: setup.audience ?? place.audience,
					algorithms: [setup.algorithm ?? "RS256"],
					currentDate: new Date(Date.now() + off * 1000),
				},
			));
		} catch (error) {
			throw says === "why" ? error : new Error(says === "bare" ? "no" : "bad");
		}
		if (claims.project_path !== (setup.project ?? PROJECT))
			throw new Error(
				says === "why"
					? "this project may not"
					: says === "bare"
						? "no"
						: "may not",
			);
	};
}

const only = ["time/expired", "valid/baseline"];
const run = async (setup: Setup) => {
	const { conclusion, reason } = await checkRelyingParty({
		verify: verifier(setup),
		only,
	});
	return { conclusion, reason: reason ?? "" };
};

test("one that fits is asked, and nothing is suspected", async () => {
	for (const says of ["why", "status", "bare"] as const) {
		expect(await run({ says })).toEqual({
			conclusion: "no-findings",
			reason: "",
		});
	}
});

describe("one that was set up for something else", () => {
	test.for<[string, Setup, RegExp]>([
		[
			"another issuer, and says so",
			{ issuer: "https://gitlab.example.com" },
			/unexpected "iss" claim value\).+Most likely the relying party objects to the issuer: its answer mentions it\. The relying party has fetched this issuer's keys\. See that it expects the issuer http:/,
		],
		[
			"its issuer with a slash",
			{ slash: "/", says: "bare" },
			/The relying party lets in one whose issuer ends in a slash: it objects to the issuer\. /,
		],
		[
			"keys of its own",
			{ keys: "none" },
			/Most likely the relying party objects to the key: its answer mentions it\. The relying party has fetched neither this issuer's discovery document nor its keys\. /,
		],
		[
			"keys of its own, and says nothing",
			{ keys: "none", says: "bare" },
			/Most likely the relying party objects to the key, the issuer, the token's header \(alg, typ\) or how the token is sent: it has fetched neither this issuer's discovery document nor its keys\. /,
		],
		[
			"keys where there are none",
			{ path: "/jwks.json", says: "bare" },
			/Most likely the relying party objects to the key, the issuer, .*: .*The relying party asked this issuer for paths that do not exist there: GET \/jwks\.json\.$/,
		],
		[
			"another audience, and says so",
			{ audience: "https://another.example.com" },
			/Most likely the relying party objects to the audience: its answer mentions it\. .*See that it expects the audience https:\/\/rp\.example\.com, or name with --audience/,
		],
		[
			"another audience, and says nothing",
			{ audience: "https://another.example.com", says: "bare" },
			/Most likely the relying party objects to the issuer, the audience or what the policy binds: it has asked this issuer, and gives every token the same answer\. /,
		],
		[
			"another project, and says so",
			{ project: "acme/app" },
			/Most likely the relying party objects to what the policy binds: its answer mentions it\. .*See that the profile describes a job that it lets in\.$/,
		],
		[
			"another project, told by its status alone",
			{ project: "acme/app", says: "status" },
			/Most likely the relying party objects to what the policy binds: it gives another answer to a token in which the key, the issuer, the audience or the times is wrong\. /,
		],
		[
			"the project that a scenario has",
			{ project: "other-group/other-project", says: "bare" },
			/The relying party lets in one of another project: it objects to what the policy binds\. /,
		],
		[
			"another algorithm, and says so",
			{ algorithm: "ES256" },
			/Most likely the relying party objects to the token's header \(alg, typ\): its answer mentions it\. .*See that it allows the algorithm RS256/,
		],
		[
			"another algorithm, and says nothing",
			{ algorithm: "ES256", says: "bare" },
			/Most likely the relying party objects to the key, the issuer, the token's header \(alg, typ\) or how/,
		],
		[
			"a token elsewhere, and says so",
			{ deaf: "missing bearer token" },
			/Most likely the relying party objects to how the token is sent: its answer mentions it\. .*See that the URL, the method/,
		],
		[
			"a token elsewhere, and says nothing",
			{ deaf: "no" },
			/Most likely the relying party objects to .* or how the token is sent: it has fetched neither/,
		],
		[
			"a clock an hour ahead, and says nothing",
			{ off: 3600, says: "bare" },
			/The relying party lets in one that is valid for a day before and after now: it objects to the times\. See that its clock is right\./,
		],
	])("%s", async ([, setup, words]) => {
		const { conclusion, reason } = await run(setup);
		expect(conclusion).toBe("proves-nothing");
		expect(reason).toMatch(words);
		expect(reason).not.toMatch(/ey[\w-]{20}/);
	});
});
