// What a service does with GitLab's tokens; here the service is a few lines of the JDK.
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.RSAPublicKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(GitLab.Extension.class)
class LoginTest {
	@Test
	void aProtectedTagMayDeploy(GitLab gitlab) throws Exception {
		String claims = login(gitlab.token("ref/protected-tag"), gitlab);
		assertEquals("true", member(claims, "ref_protected"));
	}

	@ParameterizedTest
	@ValueSource(strings = {"time/expired", "audience/other-service", "key/unknown-kid", "signature/flipped-bit"})
	void isRefused(String scenario, GitLab gitlab) throws Exception {
		String token = gitlab.token(scenario);
		assertThrows(GeneralSecurityException.class, () -> login(token, gitlab));
	}

	private static String login(String token, GitLab gitlab) throws Exception {
		String[] parts = token.split("\\.");
		String header = new String(bytes(parts[0]), StandardCharsets.UTF_8);
		require("RS256".equals(member(header, "alg")), "another algorithm");
		String key = null;
		for (Matcher keys = Pattern.compile("\\{[^{}]*\\}").matcher(gitlab.get("/oauth/discovery/keys")); keys.find();)
			if (member(keys.group(), "kid").equals(member(header, "kid"))) key = keys.group();
		require(key != null, "no such key");
		Signature signature = Signature.getInstance("SHA256withRSA");
		signature.initVerify(KeyFactory.getInstance("RSA").generatePublic(
				new RSAPublicKeySpec(number(member(key, "n")), number(member(key, "e")))));
		signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
		require(signature.verify(bytes(parts[2])), "not signed by this GitLab");
		String claims = new String(bytes(parts[1]), StandardCharsets.UTF_8);
		require(gitlab.issuer.equals(member(claims, "iss")), "of another issuer");
		require(GitLab.AUDIENCE.equals(member(claims, "aud")), "for another service");
		require(Instant.now().getEpochSecond() < Long.parseLong(member(claims, "exp")), "expired");
		return claims;
	}

	private static void require(boolean condition, String otherwise) throws GeneralSecurityException {
		if (!condition) throw new GeneralSecurityException(otherwise);
	}

	/** Enough JSON for this test: your service has a library for it. */
	private static String member(String json, String name) {
		Matcher found = Pattern.compile("\"" + name + "\":\"?([^\",}]*)").matcher(json);
		return found.find() ? found.group(1) : "";
	}

	private static byte[] bytes(String part) {
		return Base64.getUrlDecoder().decode(part);
	}

	private static BigInteger number(String part) {
		return new BigInteger(1, bytes(part));
	}
}
