// go-oidc: a token a line in, the answer a line out.
package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strings"

	oidc "github.com/coreos/go-oidc"
)

func main() {
	ctx := context.Background()
	issuer, audience := os.Args[1], os.Args[2]
	provider, err := oidc.NewProvider(ctx, issuer)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	verifier := provider.Verifier(&oidc.Config{ClientID: audience})
	tokens := bufio.NewScanner(os.Stdin)
	tokens.Buffer(nil, 1<<20)
	for tokens.Scan() {
		if _, err := verifier.Verify(ctx, tokens.Text()); err != nil {
			fmt.Println("refused:", strings.ReplaceAll(err.Error(), "\n", " "))
		} else {
			fmt.Println("accepted")
		}
	}
}
