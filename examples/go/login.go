// Package login lets in GitLab's jobs: signature, issuer, audience and time, with the standard library alone.
package login

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"math/big"
	"net/http"
	"strings"
	"time"
)

// Claims are those of a job that this service asks for.
type Claims struct {
	Iss          string
	Aud          any
	Exp          float64
	RefProtected string `json:"ref_protected"`
}

// Login gives a genuine token's claims.
func Login(token, issuer, audience string) (*Claims, error) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return nil, errors.New("no JWT")
	}
	var header struct{ Alg, Kid string }
	if err := decode(parts[0], &header); err != nil {
		return nil, err
	}
	if header.Alg != "RS256" {
		return nil, errors.New("signed with " + header.Alg)
	}
	key, err := keyOf(issuer, header.Kid)
	if err != nil {
		return nil, err
	}
	signature, err := base64.RawURLEncoding.Strict().DecodeString(parts[2])
	if err != nil {
		return nil, err
	}
	hash := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if err := rsa.VerifyPKCS1v15(key, crypto.SHA256, hash[:], signature); err != nil {
		return nil, err
	}
	var claims Claims
	if err := decode(parts[1], &claims); err != nil {
		return nil, err
	}
	switch {
	case claims.Iss != issuer:
		return nil, errors.New("of another issuer")
	case claims.Aud != audience:
		return nil, errors.New("for another service")
	case time.Now().Unix() >= int64(claims.Exp):
		return nil, errors.New("expired")
	}
	return &claims, nil
}

func decode(part string, value any) error {
	text, err := base64.RawURLEncoding.Strict().DecodeString(part)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, value)
}

func keyOf(issuer, kid string) (*rsa.PublicKey, error) {
	answer, err := http.Get(issuer + "/oauth/discovery/keys")
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	var set struct {
		Keys []struct{ Kid, Kty, N string }
	}
	if err := json.NewDecoder(answer.Body).Decode(&set); err != nil {
		return nil, err
	}
	for _, key := range set.Keys {
		if key.Kid != kid || key.Kty != "RSA" {
			continue
		}
		n, err := base64.RawURLEncoding.DecodeString(key.N)
		if err != nil {
			return nil, err
		}
		return &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: 65537}, nil
	}
	return nil, errors.New("no such key")
}
