// What a service does with GitLab's tokens.
package login

import "testing"

func TestProtectedTag(t *testing.T) {
	claims, err := Login(token(t, "ref/protected-tag"), issuer, audience)
	if err != nil {
		t.Fatal(err)
	}
	if claims.RefProtected != "true" {
		t.Error("not protected")
	}
}

func TestRefused(t *testing.T) {
	for _, scenario := range []string{"time/expired", "audience/other-service", "key/unknown-kid", "signature/flipped-bit"} {
		t.Run(scenario, func(t *testing.T) {
			if _, err := Login(token(t, scenario), issuer, audience); err == nil {
				t.Error("let in")
			}
		})
	}
}
