// google-oauth-client (Debian: default-jdk-headless, libgoogle-oauth-client-java), with Debian's jars as class path:
// java -cp '/usr/share/java/*' GoogleIdToken.java vectors.json [known failures]
import com.google.api.client.auth.openidconnect.*;
import com.google.api.client.json.gson.GsonFactory;
import com.google.api.client.testing.http.*;
import com.google.gson.*;
import java.nio.file.*;
import java.util.*;

public class GoogleIdToken {
	static boolean accepts(String token, JsonObject verifier, JsonObject jwks) {
		var answer = new MockLowLevelHttpResponse().setContent(jwks.toString());
		var transport = new MockHttpTransport.Builder().setLowLevelHttpRequest(new MockLowLevelHttpRequest().setResponse(answer));
		try {
			return new IdTokenVerifier.Builder().setIssuer(verifier.get("issuer").getAsString())
				.setAudience(List.of(verifier.get("audience").getAsString()))
				.setClock(() -> verifier.get("now").getAsLong() * 1000).setAcceptableTimeSkewSeconds(0)
				.setCertificatesLocation("https://keys").setHttpTransportFactory(transport::build).build()
				.verify(IdToken.parse(GsonFactory.getDefaultInstance(), token));
		} catch (Exception | StackOverflowError refusal) {
			return false;
		}
	}

	public static void main(String[] files) throws Exception {
		java.util.logging.LogManager.getLogManager().reset(); // it logs each refusal
		var document = JsonParser.parseString(Files.readString(Path.of(files[0]))).getAsJsonObject();
		var failures = new ArrayList<String>();
		for (var element : document.getAsJsonArray("vectors")) {
			var vector = element.getAsJsonObject();
			var keys = vector.get("jwks").isJsonNull() ? document.get("jwks") : vector.get("jwks");
			var accepted = accepts(vector.get("token").getAsString(), document.getAsJsonObject("verifier"), keys.getAsJsonObject());
			var expect = vector.get("expect").getAsString();
			if (vector.get("level").getAsString().equals("must") && (accepted ? expect.equals("reject") : expect.matches("accept|policy")))
				failures.add((accepted ? "accepted " : "refused ") + vector.get("id").getAsString());
		}
		failures.forEach(System.out::println);
		System.exit(failures.equals(files.length > 1 ? Files.readAllLines(Path.of(files[1])) : List.of()) ? 0 : 1);
	}
}
