// A JWT login with the library of Vault's method (go-jose), and the method's own steps around it.
package main

import (
	"context"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"reflect"
	"strings"
	"sync"
	"time"

	"gopkg.in/square/go-jose.v2"
	"gopkg.in/square/go-jose.v2/jwt"
)

type role struct {
	BoundAudiences  []string               `json:"bound_audiences"`
	BoundClaims     map[string]interface{} `json:"bound_claims"`
	BoundClaimsType string                 `json:"bound_claims_type"`
	UserClaim       string                 `json:"user_claim"`
}

var algorithms = map[string]bool{
	"RS256": true, "RS384": true, "RS512": true, "ES256": true, "ES384": true,
	"ES512": true, "PS256": true, "PS384": true, "PS512": true, "EdDSA": true,
}

const expirationLeeway, notBeforeLeeway, clockSkew = 150 * time.Second, 150 * time.Second, 60 * time.Second

// The keys of the issuer, fetched anew for a token that none of those at hand verifies: go-oidc of today, since Debian's
// waits until they are out of date.
type remoteKeys struct {
	url string
	mu  sync.Mutex
	has jose.JSONWebKeySet
}

func (remote *remoteKeys) VerifySignature(ctx context.Context, token string) ([]byte, error) {
	signed, err := jose.ParseSigned(token)
	if err != nil {
		return nil, err
	}
	kid := ""
	for _, signature := range signed.Signatures {
		kid = signature.Header.KeyID
		break
	}
	remote.mu.Lock()
	defer remote.mu.Unlock()
	for attempt := 0; attempt < 2; attempt++ {
		for _, key := range remote.has.Keys {
			if (kid == "" || key.KeyID == kid) && !isWeak(key) {
				if payload, err := signed.Verify(&key); err == nil {
					return payload, nil
				}
			}
		}
		if attempt == 0 {
			answer, err := http.Get(remote.url)
			if err != nil {
				return nil, err
			}
			defer answer.Body.Close()
			fresh := jose.JSONWebKeySet{}
			if err := json.NewDecoder(answer.Body).Decode(&fresh); err != nil || answer.StatusCode != 200 {
				return nil, errors.New("fetching keys failed")
			}
			remote.has = fresh
		}
	}
	return nil, errors.New("failed to verify id token signature")
}

// What crypto/rsa refuses to verify with since Go 1.24.
func isWeak(key jose.JSONWebKey) bool {
	public, ok := key.Key.(*rsa.PublicKey)
	return ok && (public.N.BitLen() < 1024 || public.E < 3)
}

// Since cap compares them without regard to case, it refuses a token in which one is written otherwise.
func misspelt(name string) bool {
	for _, one := range []string{"iss", "sub", "aud", "exp", "nbf", "iat", "jti"} {
		if name != one && strings.EqualFold(name, one) {
			return true
		}
	}
	return false
}

// The claims of a token that the issuer signed, at a time when it is good: jwt.Validator of hashicorp/cap.
func validate(ctx context.Context, token, issuer string, keys *remoteKeys) (map[string]interface{}, error) {
	payload, err := keys.VerifySignature(ctx, token)
	if err != nil {
		return nil, err
	}
	all := map[string]interface{}{}
	decoder := json.NewDecoder(strings.NewReader(string(payload)))
	decoder.UseNumber()
	if err := decoder.Decode(&all); err != nil || decoder.More() {
		return nil, errors.New("claims that are no one object")
	}
	for name := range all {
		if misspelt(name) {
			return nil, fmt.Errorf("claim %q differs from a registered one by its case", name)
		}
	}
	signed, err := jose.ParseSigned(token)
	if err != nil {
		return nil, err
	}
	if len(signed.Signatures) != 1 || !algorithms[signed.Signatures[0].Header.Algorithm] {
		return nil, errors.New("token signed with unexpected algorithm")
	}
	claims := jwt.Claims{}
	again, _ := json.Marshal(all)
	if err := json.Unmarshal(again, &claims); err != nil {
		return nil, err
	}
	zero := func(date *jwt.NumericDate) bool { return date == nil || *date == 0 }
	if zero(claims.IssuedAt) && zero(claims.Expiry) && zero(claims.NotBefore) {
		return nil, errors.New("no issued at (iat), not before (nbf), or expiration time (exp) claims in token")
	}
	if zero(claims.Expiry) {
		latest := claims.IssuedAt
		if zero(latest) || (!zero(claims.NotBefore) && *claims.NotBefore > *latest) {
			latest = claims.NotBefore
		}
		claims.Expiry = jwt.NewNumericDate(latest.Time().Add(expirationLeeway))
	}
	if zero(claims.NotBefore) {
		if !zero(claims.IssuedAt) {
			claims.NotBefore = claims.IssuedAt
		} else {
			claims.NotBefore = jwt.NewNumericDate(claims.Expiry.Time().Add(-notBeforeLeeway))
		}
	}
	return all, claims.ValidateWithLeeway(jwt.Expected{Issuer: issuer, Time: time.Now()}, clockSkew)
}

func list(value interface{}) []interface{} {
	if many, ok := value.([]interface{}); ok {
		return many
	}
	return []interface{}{value}
}

// ryanuber/go-glob: what stands between the stars follows in this order.
func glob(pattern, subject string) bool {
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return pattern == subject
	}
	if !strings.HasPrefix(subject, parts[0]) {
		return false
	}
	rest := subject[len(parts[0]):]
	for _, part := range parts[1 : len(parts)-1] {
		at := strings.Index(rest, part)
		if at < 0 {
			return false
		}
		rest = rest[at+len(part):]
	}
	return strings.HasSuffix(rest, parts[len(parts)-1])
}

func fits(one role, claims map[string]interface{}) error {
	audiences := list(claims["aud"])
	found := false
	for _, bound := range one.BoundAudiences {
		for _, audience := range audiences {
			found = found || audience == bound
		}
	}
	if !found {
		return errors.New("invalid audience (aud) claim")
	}
	for name, bound := range one.BoundClaims {
		met := false
		for _, want := range list(bound) {
			for _, is := range list(claims[name]) {
				text, isText := is.(string)
				if pattern, ok := want.(string); ok && isText && one.BoundClaimsType == "glob" {
					met = met || glob(pattern, text)
				} else {
					met = met || reflect.DeepEqual(is, want)
				}
			}
		}
		if !met {
			return fmt.Errorf("claim %q does not match any associated bound claim values", name)
		}
	}
	if _, ok := claims[one.UserClaim].(string); !ok {
		return fmt.Errorf("claim %q not found in token", one.UserClaim)
	}
	return nil
}

func main() {
	ctx := context.Background()
	issuer := os.Args[1]
	roles := map[string]role{}
	if err := json.Unmarshal([]byte(os.Args[2]), &roles); err != nil {
		panic(err)
	}
	keys := &remoteKeys{url: issuer + "/oauth/discovery/keys"}
	http.HandleFunc("/v1/auth/jwt/login", func(response http.ResponseWriter, request *http.Request) {
		var asked struct{ Role, Jwt string }
		json.NewDecoder(request.Body).Decode(&asked)
		claims, err := validate(ctx, asked.Jwt, issuer, keys)
		if err == nil {
			err = fits(roles[asked.Role], claims)
		}
		if err != nil {
			response.WriteHeader(400)
			json.NewEncoder(response).Encode(map[string][]string{"errors": {"error validating token: " + err.Error()}})
			return
		}
		response.Write([]byte(`{"auth":{"client_token":"hvs.test"}}`))
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Println(listener.Addr().String())
	http.Serve(listener, nil)
}
