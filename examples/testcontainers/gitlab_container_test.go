// Testcontainers for Go: a GitLab in a container. go get github.com/testcontainers/testcontainers-go
package login

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/wait"
)

func startGitLab(t *testing.T) (issuer string) {
	t.Helper()
	ctx := context.Background()
	container, err := testcontainers.GenericContainer(ctx, testcontainers.GenericContainerRequest{
		ContainerRequest: testcontainers.ContainerRequest{
			Image:        "registry.example.com/gitlab-oidc-mock", // wherever you pushed the image
			ExposedPorts: []string{"8080/tcp"},
			Env: map[string]string{
				"GITLAB_OIDC_MOCK_AUDIENCE": "https://rp.example.com",
				// Only for a service that is in a container too, on the same network; it calls the mock by this alias:
				// "GITLAB_OIDC_MOCK_ISSUER": "http://gitlab:8080",
			},
			// Networks:       []string{network.Name},
			// NetworkAliases: map[string][]string{network.Name: {"gitlab"}},
			WaitingFor: wait.ForHTTP("/_mock/health").WithPort("8080/tcp"),
		},
		Started: true,
	})
	testcontainers.CleanupContainer(t, container)
	if err != nil {
		t.Fatal(err)
	}
	issuer, err = container.PortEndpoint(ctx, "8080/tcp", "http")
	if err != nil {
		t.Fatal(err)
	}
	return issuer
}

func TestGenuineTokenIsOfThisIssuer(t *testing.T) {
	issuer := startGitLab(t)
	answer, err := http.Get(issuer + "/_mock/token/ref/protected-tag")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	token, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(string(token), ".")[1])
	if err != nil {
		t.Fatal(err)
	}
	var claims struct{ Iss string }
	if err := json.Unmarshal(payload, &claims); err != nil {
		t.Fatal(err)
	}
	if claims.Iss != issuer {
		t.Errorf("%s, not %s", claims.Iss, issuer)
	}
	// Here your service, with this issuer: it accepts this token, and refuses that of time/expired.
}
