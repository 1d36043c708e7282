// The discovery document is the one that gitlab.com served, member by member, by version; webfinger beside it.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
	authorizationServerDocument,
	discoveryDocument,
	PATHS,
	webfingerDocument,
} from "../../src/gitlab/discovery.js";

const read = (name: string) =>
	readFileSync(new URL(`../data/${name}.json`, import.meta.url), "utf8");
/** What gitlab.com served: before the password grant went, and in September 2026. */
const PUBLISHED = {
	"18.11": read("gitlab-discovery"),
	"19.5": read("gitlab-discovery-2026"),
};
const LATEST = "19.5";

const ISSUERS = [
	"https://gitlab.com",
	"https://gitlab.example.com:8443",
	"http://127.0.0.1:8080",
	"https://example.com/gitlab",
];

describe("discovery", () => {
	test.for(
		ISSUERS.flatMap((issuer) =>
			Object.entries(PUBLISHED).map(
				([version, text]) => [version, issuer, text] as const,
			),
		),
	)(
		"of %s is GitLab's document, in its order, at %s",
		([version, issuer, text]) => {
			const expected = text.replaceAll("https://gitlab.com", issuer);
			expect(JSON.stringify(discoveryDocument(issuer, version))).toBe(
				JSON.stringify(JSON.parse(expected)),
			);
		},
	);

	test.for([
		["scopes_supported", "admin_mode", "15.8", "15.7"],
		["scopes_supported", "k8s_proxy", "16.4", "16.3"],
		["scopes_supported", "self_rotate", "17.9", "17.8"],
		["scopes_supported", "mcp", "18.3", "18.2"],
		["scopes_supported", "mcp_orbit", "19.1", "19.0"],
		["grant_types_supported", "device_code", "17.9", "17.8"],
		["grant_types_supported", "password", "18.11", "19.0"],
		["claims_supported", "project_path", "19.0", "18.11"],
		["claims_supported", "given_name", "19.4", "19.3"],
	] as const)("%s has %s in %s, not in %s", ([member, name, there, gone]) => {
		const { [member]: names } = discoveryDocument("https://a.test", there);
		expect(names).toContain(name);
		expect(discoveryDocument("https://a.test", gone)[member]).not.toContain(
			name,
		);
	});

	test("for OAuth clients ends with where they register, since 18.3", () => {
		const issuer = "https://example.com/gitlab";
		expect(authorizationServerDocument(issuer, "18.2")).toEqual(
			discoveryDocument(issuer, "18.2"),
		);
		const { registration_endpoint, ...rest } = authorizationServerDocument(
			issuer,
			"18.3",
		);
		expect(registration_endpoint).toBe(`${issuer}/oauth/register`);
		expect(rest).toEqual(discoveryDocument(issuer, "18.3"));
	});

	test("names the issuer nowhere but at the start of a URL", () => {
		const [a, b] = ["https://a.example", "https://b.example"].map((issuer) =>
			JSON.stringify(discoveryDocument(issuer, LATEST)).replaceAll(issuer, ""),
		);
		expect(a).toBe(b);
	});

	test("keeps GitLab's paths", () => {
		expect(PATHS).toEqual({
			discovery: "/.well-known/openid-configuration",
			authorizationServer: "/.well-known/oauth-authorization-server",
			webfinger: "/.well-known/webfinger",
			keys: "/oauth/discovery/keys",
		});
	});
});

test.for(
	ISSUERS.flatMap(
		(issuer) =>
			[
				["19.0", issuer, issuer],
				["18.11", issuer, `${issuer}/`],
			] as const,
	),
)("webfinger of %s at %s names %s", ([version, issuer, href]) => {
	expect(
		JSON.stringify(webfingerDocument(issuer, "acct:jo@example.com", version)),
	).toBe(
		`{"subject":"acct:jo@example.com","links":[{"rel":"http://openid.net/specs/connect/1.0/issuer","href":"${href}"}]}`,
	);
});
