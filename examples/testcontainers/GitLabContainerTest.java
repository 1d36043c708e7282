// Testcontainers for Java: a GitLab in a container. Needs org.testcontainers:testcontainers, its JUnit module, and JUnit 5.
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;

@Testcontainers
class GitLabContainerTest {
	@Container
	static final GenericContainer<?> gitlab =
			new GenericContainer<>("registry.example.com/gitlab-oidc-mock") // wherever you pushed the image
					.withExposedPorts(8080)
					.withEnv("GITLAB_OIDC_MOCK_AUDIENCE", "https://rp.example.com")
					// Only for a service that is in a container too, on the same network; it calls the mock by this alias:
					// .withNetwork(network).withNetworkAliases("gitlab")
					// .withEnv("GITLAB_OIDC_MOCK_ISSUER", "http://gitlab:8080")
					.waitingFor(Wait.forHttp("/_mock/health").forPort(8080));

	@Test
	void aGenuineTokenIsOfThisIssuer() throws Exception {
		String issuer = "http://" + gitlab.getHost() + ":" + gitlab.getMappedPort(8080);
		HttpRequest request = HttpRequest.newBuilder(URI.create(issuer + "/_mock/token/ref/protected-tag")).build();
		String token = HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
		String claims = new String(Base64.getUrlDecoder().decode(token.split("\\.")[1]));
		assertTrue(claims.contains("\"iss\":\"" + issuer + "\""), claims);
		// Here your service, with this issuer: it accepts this token, and refuses that of time/expired.
	}
}
