// Testcontainers for Node: a GitLab in a container. npm install --save-dev testcontainers vitest
import {
	GenericContainer,
	type StartedTestContainer,
	Wait,
} from "testcontainers";
import { afterAll, beforeAll, expect, test } from "vitest";

let container: StartedTestContainer;
let issuer: string;

beforeAll(async () => {
	container = await new GenericContainer(
		"registry.example.com/gitlab-oidc-mock",
	) // wherever you pushed the image
		.withExposedPorts(8080)
		.withEnvironment({ GITLAB_OIDC_MOCK_AUDIENCE: "https://rp.example.com" })
		// Only for a service that is in a container too, on the same network; it calls the mock by this alias:
		// .withNetwork(network).withNetworkAliases("gitlab")
		// .withEnvironment({ GITLAB_OIDC_MOCK_ISSUER: "http://gitlab:8080" })
		.withWaitStrategy(Wait.forHttp("/_mock/health", 8080))
		.start();
	issuer = `http://${container.getHost()}:${container.getMappedPort(8080)}`;
}, 120_000);
afterAll(() => container?.stop());

test("a genuine token is of this issuer", async () => {
	const token = await (
		await fetch(`${issuer}/_mock/token/ref/protected-tag`)
	).text();
	const [, payload = ""] = token.split(".");
	const claims = JSON.parse(Buffer.from(payload, "base64url").toString());
	expect(claims.iss).toBe(issuer);
	// Here your service, with this issuer: it accepts this token, and refuses that of time/expired.
});
