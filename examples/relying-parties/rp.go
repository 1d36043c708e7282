// A relying party that reads a token a line, with go-oidc. Tokens are verified at the same time.
package main

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/coreos/go-oidc/v3/oidc"
)

type question struct {
	ID    int    `json:"id"`
	Token string `json:"token"`
}

type answer struct {
	ID       int    `json:"id"`
	Accepted bool   `json:"accepted"`
	Detail   string `json:"detail"`
}

const year = 366 * 24 * time.Hour

func main() {
	client := &http.Client{Timeout: 5 * time.Second}
	ctx := oidc.ClientContext(context.Background(), client)
	verifier := oidc.NewVerifier(
		os.Getenv("OIDC_ISSUER"),
		oidc.NewRemoteKeySet(ctx, os.Getenv("OIDC_JWKS_URI")),
		&oidc.Config{
			ClientID:             os.Getenv("OIDC_AUDIENCE"),
			SupportedSigningAlgs: []string{oidc.RS256},
		},
	)
	project := os.Getenv("ALLOWED_PROJECT")

	var mutex sync.Mutex // one answer at a time
	output := json.NewEncoder(os.Stdout)
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 8<<20)
	for lines.Scan() {
		var q question
		if err := json.Unmarshal(lines.Bytes(), &q); err != nil {
			panic(err)
		}
		go func() {
			sub, err := verify(ctx, verifier, project, q.Token)
			a := answer{q.ID, err == nil, sub}
			if err != nil {
				a.Detail = err.Error()
			}
			mutex.Lock()
			defer mutex.Unlock()
			output.Encode(a)
		}()
	}
}

func verify(ctx context.Context, verifier *oidc.IDTokenVerifier, project, raw string) (string, error) {
	if err := check(raw); err != nil {
		return "", err
	}
	token, err := verifier.Verify(ctx, raw)
	if err != nil {
		return "", err
	}
	// go-oidc takes a time that is a text, and does not look at iat.
	var claims struct {
		Exp, Iat float64
		Nbf      *float64
		Events   any
	}
	if err := token.Claims(&claims); err != nil {
		return "", err
	}
	if claims.Events != nil {
		return "", errors.New("the token of a logout")
	}
	now := time.Now()
	if claims.Iat == 0 || claims.Iat > float64(now.Unix()) {
		return "", errors.New("iat is missing or in the future")
	}
	if claims.Nbf != nil && *claims.Nbf > float64(now.Unix()) {
		return "", errors.New("nbf is in the future")
	}
	if claims.Exp > float64(now.Add(year).Unix()) {
		return "", errors.New("exp is too far off")
	}
	// The last character counts: without it acme/app-evil is let in as well.
	if !strings.HasPrefix(token.Subject, "project_path:"+project+":") {
		return "", errors.New("sub is not of " + project)
	}
	return token.Subject, nil
}

// check looks at what go-oidc leaves alone: the way a token is written, and its header.
func check(raw string) error {
	if strings.ContainsAny(raw, "\r\n") {
		return errors.New("line breaks in the token")
	}
	parts := strings.Split(raw, ".")
	if len(parts) != 3 {
		return errors.New("not three parts")
	}
	var bytes [3][]byte
	for i, part := range parts {
		var err error
		if bytes[i], err = base64.RawURLEncoding.Strict().DecodeString(part); err != nil {
			return err
		}
	}
	if !utf8.Valid(bytes[0]) || !utf8.Valid(bytes[1]) {
		return errors.New("not UTF-8")
	}
	var header map[string]any
	if err := json.Unmarshal(bytes[0], &header); err != nil {
		return err
	}
	if _, there := header["crit"]; there {
		return errors.New("crit is not known here")
	}
	if typ, there := header["typ"]; there && typ != "JWT" {
		return errors.New("typ is not JWT")
	}
	// Without one go-oidc tries every key.
	if kid, there := header["kid"]; there && (kid == nil || kid == "") {
		return errors.New("kid is empty")
	}
	// A signature is as long as its key.
	if len(bytes[2]) < 256 {
		return errors.New("the key is too short")
	}
	return nil
}
