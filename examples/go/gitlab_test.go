// A GitLab for `go test`: TestMain starts it once for the package, on a free port. The standard library is enough.
package login

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
)

const audience = "https://rp.example.com"

var issuer string // of the GitLab, and its URL

func TestMain(m *testing.M) {
	os.Exit(withGitLab(m.Run))
}

func withGitLab(run func() int) int {
	command := os.Getenv("GITLAB_MOCK") // such as "npx --no-install gitlab-oidc-mock"
	if command == "" {
		command = "node gitlab-oidc-mock.mjs" // the file of `npm run single-file`
	}
	argv := append(strings.Fields(command), "serve", "--port", "0", "--audience", audience, "--json")
	server := exec.Command(argv[0], argv[1:]...)
	server.Stderr = os.Stderr
	stdout, err := server.StdoutPipe()
	if err == nil {
		err = server.Start()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "GitLab did not start:", err)
		return 1
	}
	defer server.Wait()
	defer server.Process.Signal(os.Interrupt)
	line, err := bufio.NewReader(stdout).ReadBytes('\n') // one line, once it answers
	var ready struct{ URL string }
	if err == nil {
		err = json.Unmarshal(line, &ready)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "GitLab did not start:", err)
		return 1
	}
	issuer = ready.URL
	return run()
}

// token is the token of a scenario, such as "time/expired".
func token(t *testing.T, scenario string) string {
	t.Helper()
	answer, err := http.Get(issuer + "/_mock/token/" + scenario)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("no token for %s: %s %v %s", scenario, answer.Status, err, text)
	}
	return string(text)
}
