// The discovery document is the one that gitlab.com serves, member by member; webfinger beside it.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
	discoveryDocument,
	PATHS,
	webfingerDocument,
} from "../../src/gitlab/discovery.js";

const published = readFileSync(
	new URL("../data/gitlab-discovery.json", import.meta.url),
	"utf8",
);

const ISSUERS = [
	"https://gitlab.com",
	"https://gitlab.example.com:8443",
	"http://127.0.0.1:8080",
	"https://example.com/gitlab",
];

describe("discovery", () => {
	test.for(ISSUERS)("is GitLab's document, in its order, at %s", (issuer) => {
		const expected = published.replaceAll("https://gitlab.com", issuer);
		expect(JSON.stringify(discoveryDocument(issuer))).toBe(
			JSON.stringify(JSON.parse(expected)),
		);
	});

	test("names the issuer nowhere but at the start of a URL", () => {
		const [a, b] = ["https://a.example", "https://b.example"].map((issuer) =>
			JSON.stringify(discoveryDocument(issuer)).replaceAll(issuer, ""),
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

test.for(ISSUERS)("webfinger names the issuer %s", (issuer) => {
	expect(JSON.stringify(webfingerDocument(issuer, "acct:jo@example.com"))).toBe(
		`{"subject":"acct:jo@example.com","links":[{"rel":"http://openid.net/specs/connect/1.0/issuer","href":"${issuer}"}]}`,
	);
});
