// Probes of an outage and of changes of keys: shown by a relying party that does as it should, and by one that does not.
import { describe, expect, test } from "vitest";
import { checkProfile } from "../../../src/harness/check-profile.js";
import { node } from "../../relying-party/target/presentation.js";
import {
	correct,
	headerOf,
	probe,
	shareGitLab,
	type Verify,
} from "./probe-run.js";

shareGitLab();

const KEYS = "/oauth/discovery/keys";

const keysOf = async (issuer: string): Promise<string> =>
	(await fetch(issuer + KEYS)).text();

describe("outage", () => {
	test("passes what goes on from its cache", async () => {
		const { outcome, measured } = await probe("outage", correct());
		expect(outcome).toBe("passed");
		expect(measured).toMatchObject({
			during: "accepted",
			unknown: "rejected",
			cold: null, // it cannot be started anew
		});
	});

	test("passes what refuses when it is started anew meanwhile", async () => {
		let verify = correct();
		const { outcome, measured } = await probe(
			"outage",
			(...asked) => verify(...asked),
			{
				restart() {
					verify = correct();
				},
			},
		);
		expect(outcome).toBe("passed");
		expect(measured.cold).toBe("rejected");
	});

	test("passes what does not come up without its issuer: it lets nobody in", async () => {
		let starts = 0;
		let issuer = "";
		let verify: Verify | undefined = correct();
		const { outcome, measured, detail } = await probe(
			"outage",
			async (token, place) => {
				issuer = place.issuer;
				if (!verify) throw new Error("not up");
				return verify(token, place);
			},
			{
				async restart() {
					starts += 1;
					verify = undefined;
					const { ok, status } = await fetch(issuer + KEYS);
					if (!ok) throw new Error(`no keys: ${status}`);
					verify = correct();
				},
			},
		);
		expect(outcome).toBe("passed");
		expect(measured).toMatchObject({ during: "accepted", cold: "not up" });
		expect(detail).toContain(
			"after a restart meanwhile it did not start, and so accepted nobody",
		);
		expect(starts).toBeGreaterThan(1);
	});

	/** Fetches the keys when it starts, and ends where it cannot; no more of a verifier than the probe needs. */
	const boot = (afterwards: string) =>
		node(`
			const keys = [];
			const isGood = (token) => {
				const [header, payload] = token.split(".").slice(0, 2).map((part) => JSON.parse(Buffer.from(part, "base64url")));
				return keys.includes(header.kid) && payload.exp > Date.now() / 1000;
			};
			fetch(process.env.OIDC_JWKS_URI).then(async (answer) => {
				if (!answer.ok) process.exit(3);
				keys.push(...(await answer.json()).keys.map(({ kid }) => kid));
				${afterwards}
			});
		`);

	test.for([
		[
			"a service",
			{
				target: { http: { url: "http://127.0.0.1:{port}/" } },
				start: boot(`
					require("node:http").createServer((request, response) => {
						response.statusCode = isGood(request.headers.authorization.slice(7)) ? 200 : 401;
						response.end();
					}).listen(process.env.PORT, "127.0.0.1");
				`),
			},
		],
		[
			"a program that reads lines",
			{
				target: {
					lines: boot(`
						require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
							const { id, token } = JSON.parse(line);
							console.log(JSON.stringify({ id, accepted: isGood(token) }));
						});
					`),
				},
			},
		],
	] as const)(
		"passes %s that ends at its start while the issuer is down",
		async ([, profile]) => {
			const { target, ...more } = profile;
			const result = await checkProfile(
				{ target: structuredClone(target), ...more, limits: { refresh: 5 } },
				{ version: "1.0.0", selection: { only: ["probe/outage"] } },
			);
			expect(result.reason).toBeNull();
			const found = result.probes.find(({ id }) => id === "probe/outage");
			expect(found).toMatchObject({
				outcome: "passed",
				measured: { during: "accepted", unknown: "rejected", cold: "not up" },
			});
			expect(result.findings).toEqual([]);
		},
	);

	test("finds what opens its doors when it is started anew meanwhile", async () => {
		let verify = correct();
		const { outcome, detail, result } = await probe(
			"outage",
			(...asked) => verify(...asked),
			{
				restart() {
					const careful = correct();
					verify = async (token, place) => {
						const { ok } = await fetch(place.issuer + KEYS);
						return ok ? careful(token, place) : true;
					};
				},
			},
		);
		expect(outcome).toBe("failed");
		expect(detail).toContain("after a restart");
		expect(result.findings[0]).toMatchObject({
			kind: "dangerous",
			level: "must",
		});
	});

	test("finds what is down with its issuer", async () => {
		const { outcome, measured } = await probe(
			"outage",
			correct({ cached: false }),
		);
		expect(outcome).toBe("failed");
		expect(measured).toMatchObject({ during: "rejected" });
		expect(measured.recovered).not.toBeNull();
	});

	test("finds what opens its doors", async () => {
		const verify = correct({ cached: false });
		const open: Verify = async (token, place) => {
			const answer = await fetch(place.issuer + KEYS);
			return answer.ok ? verify(token, place) : true;
		};
		const { outcome, measured, result } = await probe("outage", open);
		expect(outcome).toBe("failed");
		expect(measured.unknown).toBe("accepted");
		expect(result.findings[0]).toMatchObject({
			kind: "dangerous",
			level: "must",
			fails: true,
		});
	});
});

/** Fetches the keys once, and never again. */
function stubborn(): Verify {
	let keys: string | undefined;
	const verify = correct();
	return async (token, place) => {
		keys ??= await keysOf(place.issuer);
		if (!keys.includes(headerOf(token).kid)) throw new Error("unknown key");
		return verify(token, place);
	};
}

describe("rotation", () => {
	test("passes what fetches a new key", async () => {
		const { outcome, measured } = await probe("rotation", correct());
		expect(outcome).toBe("passed");
		expect(measured.seconds).not.toBeNull();
	});

	test("finds what never does; the first key is put back, and the run goes on", async () => {
		const { outcome, detail, result } = await probe("rotation", stubborn());
		expect(outcome).toBe("failed");
		expect(detail).toBe(
			"a token by a new key was still refused after 0.4 seconds",
		);
		expect(result.findings).toContainEqual(
			expect.objectContaining({ id: "probe/rotation", kind: "too-strict" }),
		);
		expect(result.reason).toBeNull();
		expect(result.controls.accepted).toBe(result.controls.sent);
	});
});

describe("published keys", () => {
	test("passes what takes each", async () => {
		const { outcome, measured } = await probe("published-keys", correct());
		expect(outcome).toBe("passed");
		expect(measured).toEqual({
			first: "accepted",
			second: "accepted",
			newest: "accepted",
		});
	});

	test("finds what knows the newest key alone", async () => {
		const verify = correct();
		const kids: string[] = [];
		const forgetful: Verify = async (token, place) => {
			const { kid } = headerOf(token);
			if (!kids.includes(kid)) kids.push(kid);
			if (kids.at(-1) !== kid) throw new Error("an old key");
			return verify(token, place);
		};
		const { outcome, measured, result } = await probe(
			"published-keys",
			forgetful,
		);
		expect(outcome).toBe("failed");
		expect(measured).toMatchObject({ first: "rejected" });
		expect(result.findings).toContainEqual(
			expect.objectContaining({
				id: "probe/published-keys",
				kind: "too-strict",
			}),
		);
	});

	test("says that nothing is seen where the newest key is never taken", async () => {
		const { outcome, detail } = await probe("published-keys", stubborn());
		expect(outcome).toBe("reported");
		expect(detail).toContain("cannot be seen: a token by the newest key");
	});
});

describe("retirement", () => {
	test("passes what has no cache", async () => {
		const verify = correct({ cached: false });
		const { outcome, measured } = await probe("retirement", verify);
		expect(outcome).toBe("passed");
		expect(measured).toEqual({ warm: "rejected" });
	});

	test("passes what takes the keys that it fetched for all that it had", async () => {
		const { outcome, measured, detail } = await probe("retirement", correct());
		expect(outcome).toBe("passed");
		expect(measured).toEqual({ warm: "rejected" });
		expect(detail).toContain("once the keys had been fetched without it");
	});

	/** Adds the keys that it fetches to those that it has; never asks again for one that it knows. */
	const hoarding = (): Verify => {
		const known = new Set<string>();
		let verify = correct();
		return async (token, place) => {
			const { kid } = headerOf(token);
			if (known.has(kid)) return true;
			verify = correct();
			await verify(token, place);
			known.add(kid);
			return true;
		};
	};

	test("finds what adds the keys that it fetches to those that it had", async () => {
		const { outcome, measured, detail, result } = await probe(
			"retirement",
			hoarding(),
		);
		expect(outcome).toBe("failed");
		expect(measured).toEqual({ warm: "accepted" });
		expect(detail).toContain("although the keys had been fetched without it");
		expect(result.findings[0]).toMatchObject({
			kind: "dangerous",
			level: "should",
		});
	});

	test("finds it after a restart as well, and says what came of that", async () => {
		let verify = hoarding();
		const { outcome, measured } = await probe(
			"retirement",
			(...asked) => verify(...asked),
			{
				restart() {
					verify = hoarding();
				},
			},
		);
		expect(outcome).toBe("failed");
		expect(measured).toEqual({ warm: "accepted", cold: "rejected" });
	});

	test("finds what trusts it even then", async () => {
		const { outcome, measured, result } = await probe(
			"retirement",
			hoarding(),
			{ restart: () => undefined },
		);
		expect(outcome).toBe("failed");
		expect(measured).toEqual({ warm: "accepted", cold: "accepted" });
		expect(result.findings[0]).toMatchObject({ kind: "dangerous" });
	});

	test("takes the refusal by one that knows no new key for none, and a restart for a way to see it", async () => {
		const blind = await probe("retirement", stubborn());
		expect(blind.outcome).toBe("reported");
		expect(blind.detail).toContain("cannot be seen: the key that took over");
		let verify = stubborn();
		const { outcome, measured } = await probe(
			"retirement",
			(...asked) => verify(...asked),
			{
				restart() {
					verify = stubborn();
				},
			},
		);
		expect(outcome).toBe("passed");
		expect(measured).toEqual({ warm: "accepted", cold: "rejected" });
	});
});
