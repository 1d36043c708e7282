// go-oidc (Debian: golang-go, golang-github-coreos-go-oidc-dev): go run go-oidc.go vectors.json [known failures]
package main

import (
	"context"
	"encoding/json"
	oidc "github.com/coreos/go-oidc"
	"net/http"
	"os"
	"testing/fstest"
	"time"
)

func main() {
	var document struct {
		Jwks     json.RawMessage
		Verifier map[string]any
		Vectors  []struct {
			ID, Expect, Level, Token string
			Jwks                     json.RawMessage
		}
	}
	text, _ := os.ReadFile(os.Args[1])
	json.Unmarshal(text, &document) // where it fails there is no verifier, and the next lines panic
	now, failures := time.Unix(int64(document.Verifier["now"].(float64)), 0), ""
	config := oidc.Config{ClientID: document.Verifier["audience"].(string), Now: func() time.Time { return now }}
	for _, v := range document.Vectors {
		jwks := map[bool][]byte{true: document.Jwks, false: v.Jwks}[string(v.Jwks) == "null"]
		files := http.NewFileTransport(http.FS(fstest.MapFS{"jwks": {Data: jwks}}))
		ctx := oidc.ClientContext(context.Background(), &http.Client{Transport: files})
		keys := oidc.NewRemoteKeySet(ctx, "https://rp.test/jwks")
		_, err := oidc.NewVerifier(document.Verifier["issuer"].(string), keys, &config).Verify(ctx, v.Token)
		if v.Level == "must" && v.Expect != "either" && (err == nil) == (v.Expect == "reject") {
			failures += map[bool]string{true: "accepted ", false: "refused "}[err == nil] + v.ID + "\n"
		}
	}
	known, _ := os.ReadFile(append(os.Args, "")[2])
	os.Stdout.WriteString(failures)
	os.Exit(map[bool]int{true: 0, false: 1}[failures == string(known)])
}
