// A GitLab for JUnit 5: started once for the whole run, on a free port; a test method takes it as a parameter.
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

public final class GitLab implements ExtensionContext.Store.CloseableResource {
	public static final String AUDIENCE = "https://rp.example.com";

	private final Process server;
	public final String issuer;

	/** {@code @ExtendWith(GitLab.Extension.class)} */
	public static final class Extension implements ParameterResolver {
		@Override
		public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
			return parameter.getParameter().getType() == GitLab.class;
		}

		@Override
		public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
			// The root's store is closed at the end of the run, and closes the GitLab.
			return context.getRoot().getStore(ExtensionContext.Namespace.create(GitLab.class))
					.getOrComputeIfAbsent(GitLab.class);
		}
	}

	public GitLab() throws IOException {
		// The file of `npm run single-file`; or, say, "npx --no-install gitlab-oidc-mock"
		String command = System.getenv().getOrDefault("GITLAB_MOCK", "node gitlab-oidc-mock.mjs");
		List<String> argv = new ArrayList<>(List.of(command.split(" ")));
		argv.addAll(List.of("serve", "--port", "0", "--audience", AUDIENCE, "--json"));
		server = new ProcessBuilder(argv).redirectError(ProcessBuilder.Redirect.INHERIT).start();
		String ready = server.inputReader().readLine(); // one line, once it answers
		Matcher url = Pattern.compile("\"url\":\"([^\"]+)\"").matcher(String.valueOf(ready));
		if (!url.find()) throw new IOException(argv + " did not start");
		issuer = url.group(1);
	}

	/** The token of a scenario, such as {@code time/expired}. */
	public String token(String scenario) throws IOException, InterruptedException {
		return get("/_mock/token/" + scenario);
	}

	/** What the GitLab answers below its URL. */
	public String get(String path) throws IOException, InterruptedException {
		HttpRequest request = HttpRequest.newBuilder(URI.create(issuer + path)).build();
		var answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
		if (answer.statusCode() != 200) throw new IOException(answer.statusCode() + " " + answer.body());
		return answer.body();
	}

	@Override
	public void close() throws InterruptedException {
		server.destroy();
		server.waitFor();
	}
}
