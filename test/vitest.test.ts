// The vitest fixture: each test has an instance of its own.
import { decodeJwt } from "jose";
import { describe, expect } from "vitest";
import { test } from "../src/vitest.js";

const issuers: string[] = [];

describe("gitlab", () => {
	test("is there", async ({ gitlab }) => {
		issuers.push(gitlab.issuer);
		gitlab.clock.freeze(1000);
		gitlab.next("ref/protected-tag");
		expect(decodeJwt(await gitlab.token())).toMatchObject({
			iat: 1000,
			iss: gitlab.issuer,
			ref_type: "tag",
		});
	});

	test("is another one for the next test", async ({ gitlab }) => {
		expect(issuers).not.toContain(gitlab.issuer);
		expect(decodeJwt(await gitlab.token()).iat).toBeGreaterThan(1000);
		const dropped = await fetch(
			`${issuers[0]}/.well-known/openid-configuration`,
		);
		expect(dropped.status).toBe(404);
	});
});

describe("gitlabOptions", () => {
	test.override({
		gitlabOptions: { audience: "https://deploy.test", gitlabVersion: "16.0" },
	});

	test("say what the instance is like", async ({ gitlab, gitlabServer }) => {
		const claims = decodeJwt(await gitlab.token("ref/protected-tag"));
		expect(claims.aud).toBe("https://deploy.test");
		expect(claims).not.toHaveProperty("project_visibility");
		const root = decodeJwt(await gitlabServer.token("ref/protected-tag"));
		expect(root.aud).toBe("https://rp.example.com");
		expect(root).toHaveProperty("project_visibility");
	});
});
