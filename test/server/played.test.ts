// Scenarios of a misbehaving instance, played over real connections: what is served, that it is streamed, and that it ends.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createLocalJWKSet, jwtVerify } from "jose";
import request from "supertest";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type GitLab, startGitLab } from "../../src/server/start-gitlab.js";
import { extraKey } from "../../src/token/named-keys.js";

let gitlab: GitLab;
beforeAll(async () => {
	gitlab = await startGitLab();
});
afterAll(() => gitlab.close());

const KEYS = "/oauth/discovery/keys";
const DISCOVERY = "/.well-known/openid-configuration";
interface Jwks {
	keys: Record<string, string>[];
}
const jwksOf = async ({ url }: GitLab) =>
	(await (await fetch(url + KEYS)).json()) as Jwks;

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");
/** What is in use, bytes: resident memory is also what V8 keeps for later, more of it from one version to the next. */
const inUse = () => {
	collectGarbage();
	collectGarbage();
	const { heapUsed, external } = process.memoryUsage();
	return heapUsed + external;
};
const kids = ({ keys }: Jwks) => keys.map(({ kid }) => kid);

describe("keys of a scenario", () => {
	test("are published on its instance alone, and no longer than it is played", async () => {
		const honest = await jwksOf(gitlab);
		const played = await gitlab.instance({
			scenario: "algorithm/es256-with-published-ec-key",
		});
		const { kid } = await extraKey("ec-p256");
		const shown = await jwksOf(played);
		expect(kids(shown)).toContain(kid);
		expect(shown.keys).toHaveLength(3);
		expect(kids(await jwksOf(gitlab))).toEqual(kids(honest));
		const jwt = await played.token();
		const verified = jwtVerify(jwt, createLocalJWKSet(shown as never), {
			issuer: played.issuer,
		});
		await expect(verified).resolves.toMatchObject({
			protectedHeader: { alg: "ES256", kid },
		});

		played.faults.remove();
		expect(kids(await jwksOf(played))).not.toContain(kid);
		played.play("algorithm/es256-with-published-ec-key");
		expect(kids(await jwksOf(played))).toContain(kid);
		played.play("valid/baseline");
		expect(kids(await jwksOf(played))).not.toContain(kid);
	});

	test("are played over HTTP as well", async () => {
		const put = await fetch(
			`${gitlab.url}/_mock/faults?scenario=key/rsa-512-key-in-jwks`,
			{ method: "PUT", headers: { "Content-Type": "application/json" } },
		);
		expect(await put.json()).toEqual({ [KEYS]: { publish: ["rsa-512"] } });
		const { kid } = await extraKey("rsa-512");
		expect(kids(await jwksOf(gitlab))).toContain(kid);
		await fetch(`${gitlab.url}/_mock/faults`, { method: "DELETE" });
		expect(kids(await jwksOf(gitlab))).not.toContain(kid);
	});

	test("change the ETag, so that no cache keeps the others", async () => {
		const { headers } = await fetch(gitlab.url + KEYS);
		const etag = String(headers.get("etag"));
		const again = () =>
			request(gitlab.url).get(KEYS).set("If-None-Match", etag);
		expect((await again()).status).toBe(304);
		gitlab.play("instance/jwks-empty");
		const changed = await again();
		expect(changed.status).toBe(200);
		expect(changed.headers.etag).not.toBe(etag);
		expect(changed.body).toEqual({ keys: [] });
		gitlab.faults.remove();
		expect((await again()).status).toBe(304);
	});
});

describe("JWKS changes", () => {
	const change = async (keys: string) => {
		const played = await gitlab.instance();
		played.faults.set({ [KEYS]: { keys: keys as "empty" } });
		const ours = (await played.mint()).header.kid;
		return { ours, ...(await jwksOf(played)) };
	};

	test("withhold, rename and add keys", async () => {
		const [empty, without, unknown, twice, same, secret, many] =
			await Promise.all(
				[
					"empty",
					"without-ours",
					"unknown-key-types",
					"duplicate-kid",
					"same-kid-new-key",
					"symmetric-key",
					"ten-thousand-keys",
				].map(change),
			);
		expect(empty?.keys).toEqual([]);
		expect(kids(without as Jwks)).not.toContain(without?.ours);
		expect(without?.keys).toHaveLength(1);
		expect(unknown?.keys).toHaveLength(6);
		expect(kids(unknown as Jwks).at(-1)).toBe(unknown?.ours);
		const named = twice?.keys.filter(({ kid }) => kid === twice.ours);
		expect(new Set(named?.map(({ n }) => n)).size).toBe(2);
		const renamed = same?.keys.find(({ kid }) => kid === same.ours);
		expect(renamed?.n).toBe(named?.[0]?.n);
		expect(secret?.keys.at(-1)).toMatchObject({ kty: "oct", alg: "HS256" });
		expect(many?.keys).toHaveLength(10_002);
	});

	test("never give an instance's own private key away", async () => {
		const { keys } = await change("private-members");
		const [careless, ...others] = keys.toReversed();
		expect(careless).toHaveProperty("d");
		expect(careless?.kid).toBe("published-by-mistake");
		expect(others.some((key) => "d" in key || "p" in key)).toBe(false);
		expect(others.map(({ n }) => n)).not.toContain(careless?.n);
	});
});

describe("members", () => {
	test("are edited as claims are, with the issuer filled in", async () => {
		const played = await gitlab.instance({
			scenario: "instance/discovery-issuer-mismatch",
		});
		const answer = await fetch(played.url + DISCOVERY);
		const document = (await answer.json()) as Record<string, unknown>;
		expect(document).toMatchObject({
			issuer: "https://evil.test",
			jwks_uri: `${played.issuer}/_mock/attacker/keys`,
			token_endpoint: `${played.issuer}/oauth/token`,
		});
		played.play("instance/discovery-without-jwks-uri");
		const without = await (await fetch(played.url + DISCOVERY)).json();
		expect(without).not.toHaveProperty("jwks_uri");
		expect(without).toHaveProperty("issuer", played.issuer);
	});

	test("of a redirect lead to the attacker's document, which is seen", async () => {
		const played = await gitlab.instance({
			scenario: "instance/discovery-redirect-to-attacker",
		});
		const followed = await fetch(played.url + DISCOVERY);
		expect(followed.redirected).toBe(true);
		const { issuer, jwks_uri } = (await followed.json()) as Record<
			string,
			string
		>;
		expect(issuer).toBe(played.issuer);
		const { keys } = (await (await fetch(String(jwks_uri))).json()) as Jwks;
		const { header } = await played.mint();
		expect(keys.map(({ kid }) => kid)).toEqual([header.kid]);
		const paths = played.requests.list().map(({ path }) => path);
		expect(paths).toEqual([
			DISCOVERY,
			`/_mock/attacker${DISCOVERY}`,
			"/_mock/attacker/keys",
		]);
	});
});

describe("a large body", () => {
	test("is as large as said, still JSON, and not held in memory", async () => {
		const played = await gitlab.instance({
			scenario: "instance/jwks-of-50-mib",
		});
		const honest = await jwksOf(gitlab);
		const STEP = 10 * 2 ** 20;
		const before = inUse();
		let most = before;
		const answer = await fetch(played.url + KEYS);
		expect(answer.headers.get("content-length")).toBe(String(50 * 2 ** 20));
		const blanks = Buffer.alloc(2 ** 20, " ");
		let length = 0;
		let text = "";
		for await (const piece of answer.body as unknown as AsyncIterable<Uint8Array>) {
			length += piece.length;
			if (length % STEP < piece.length) most = Math.max(most, inUse());
			// Almost all of it is blanks: compared, not decoded.
			if (!blanks.subarray(0, piece.length).equals(piece))
				text += Buffer.from(piece).toString("latin1").replaceAll(" ", "");
		}
		expect(length).toBe(50 * 2 ** 20);
		expect(kids(JSON.parse(text))).toHaveLength(honest.keys.length);
		expect(most - before).toBeLessThan(20 * 2 ** 20);
	});

	test("ends with a client that goes away", async () => {
		const played = await gitlab.instance({
			scenario: "instance/jwks-of-50-mib",
		});
		const leaving = new AbortController();
		const answer = await fetch(played.url + KEYS, { signal: leaving.signal });
		leaving.abort();
		await expect(answer.text()).rejects.toThrow();
		played.faults.remove();
		expect(kids(await jwksOf(played))).toHaveLength(2);
	});
});

test("flapping is the same in every run", async () => {
	const seen = await Promise.all(
		[1, 2].map(async () => {
			const played = await gitlab.instance({
				scenario: "instance/jwks-flapping",
			});
			const counts: number[] = [];
			for (let asked = 0; asked < 20; asked++) {
				counts.push((await jwksOf(played)).keys.length);
			}
			const most = Math.max(...counts);
			return counts.map((count) => most - count);
		}),
	);
	expect(seen[0]).toEqual(seen[1]);
	expect(new Set(seen[0])).toEqual(new Set([0, 1])); // all of them, or all but ours
});

test("an instance that plays a scenario gives its token unless another is asked for", async () => {
	const played = await gitlab.instance({ scenario: "time/expired" });
	expect((await played.mint()).scenario).toBe("time/expired");
	expect((await played.mint("valid/baseline")).scenario).toBe("valid/baseline");
	played.next("issuer/missing");
	expect((await played.mint()).scenario).toBe("issuer/missing");
	expect((await played.mint()).scenario).toBe("time/expired");
	const plain = await fetch(`${played.url}/_mock/token`);
	const [, payload = ""] = (await plain.text()).split(".");
	const { exp } = JSON.parse(Buffer.from(payload, "base64url").toString());
	expect(exp).toBeLessThan(Date.now() / 1000);
});
