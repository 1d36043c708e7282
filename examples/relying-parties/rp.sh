#!/bin/sh
# A relying party that is run for each token, with openssl, jq and curl: the token on stdin, exit 0 or 1.
set -eu
umask 077
export LC_ALL=C

work=$(mktemp -d)
verdict=2 # what goes wrong in here is no verdict on the token
trap 'rm -rf "$work"; exit "$verdict"' EXIT

reject() { # WHY
  printf '%s\n' "$1" >&2
  verdict=1
  exit
}

# Three parts of base64url, and nothing else: no newline behind it either, which $(cat) would hide.
cat > "$work/token"
[ "$(tr -d 'A-Za-z0-9_.-' < "$work/token" | wc -c)" -eq 0 ] || reject "not base64url"
[ "$(tr -dc . < "$work/token" | wc -c)" -eq 2 ] || reject "not three parts"
token=$(cat "$work/token")
input=${token%.*}
printf '%s' "$input" > "$work/input"

encode() { base64 | tr -d '\n=' | tr '+/' '-_'; }
decode() { # BASE64URL
  case $((${#1} % 4)) in
    2) pad='==' ;;
    3) pad='=' ;;
    *) pad='' ;;
  esac
  printf '%s%s' "$1" "$pad" | tr -- '-_' '+/' | base64 -d
}
# A token is written in one way only: what decodes to the same is another text.
read_part() { # NAME BASE64URL
  decode "$2" > "$work/$1" 2> "$work/error" || reject "the $1 is not base64url"
  [ "$(encode < "$work/$1")" = "$2" ] || reject "the $1 is not base64url"
}
# jq takes a byte order mark, several texts and what is no UTF-8.
is_object() { # FILE
  [ "$(head -c 1 "$1")" = '{' ] && iconv -f UTF-8 -t UTF-8 "$1" && jq -es 'length == 1 and (first | type == "object")' "$1"
}
read_part header "${input%%.*}"
read_part payload "${input#*.}"
read_part signature "${token##*.}"
for part in header payload; do
  is_object "$work/$part" > "$work/is" 2> "$work/error" || reject "the $part is no JSON object"
done

# RFC 8725 §3.1: the algorithm is ours to choose, not the token's.
jq -e '.alg == "RS256"' "$work/header" > "$work/is" || reject "alg is not RS256"
jq -e 'has("crit") | not' "$work/header" > "$work/is" || reject "crit is not known here"
jq -e '(has("typ") | not) or .typ == "JWT"' "$work/header" > "$work/is" || reject "typ is not JWT"

# The key that kid names, of those that the issuer publishes for such signatures.
curl -fsS --max-time 5 --max-filesize 1000000 ${OIDC_CA_FILE:+--cacert "$OIDC_CA_FILE"} \
  -o "$work/jwks" "$OIDC_JWKS_URI" 2> "$work/error" || reject "no keys from the issuer"
jq -e --slurpfile header "$work/header" '
  [.keys[] | select(.kid == $header[0].kid and .kid != null and .kty == "RSA"
    and (.use // "sig") == "sig" and (.alg // "RS256") == "RS256")]
  | select(length == 1) | first' "$work/jwks" > "$work/jwk" 2> "$work/error" || reject "no such key"
number() { # MEMBER
  decode "$(jq -r ".$1" "$work/jwk")" 2> "$work/error" | od -An -v -tx1 | tr -d ' \n'
}
modulus=$(number n)
exponent=$(number e)
[ "${#modulus}" -ge 512 ] || reject "the key is too short"
[ "$exponent" = 010001 ] || reject "the key has another exponent than all have"
cat > "$work/key.cnf" << END
asn1 = SEQUENCE:key
[key]
algorithm = SEQUENCE:rsa
numbers = BITWRAP,SEQUENCE:numbers
[rsa]
algorithm = OID:rsaEncryption
parameter = NULL
[numbers]
n = INTEGER:0x$modulus
e = INTEGER:0x$exponent
END
openssl asn1parse -genconf "$work/key.cnf" -noout -out "$work/key.der"
openssl pkey -pubin -inform DER -in "$work/key.der" -out "$work/key.pem"

# openssl reads as much as the key is long, and lets pass what comes after it.
[ "$(wc -c < "$work/signature")" -eq $((${#modulus} / 2)) ] || reject "the signature has another length than the key"
openssl dgst -sha256 -verify "$work/key.pem" -signature "$work/signature" "$work/input" \
  > "$work/is" 2> "$work/error" || reject "the signature does not verify"

claims() { # CONDITION WHY
  jq -e --arg issuer "$OIDC_ISSUER" --arg audience "$OIDC_AUDIENCE" --arg project "$ALLOWED_PROJECT" \
    "$1" "$work/payload" > "$work/is" 2> "$work/error" || reject "$2"
}
claims '.iss == $issuer' "another issuer"
claims '.aud == $audience or (.aud | type == "array" and all(type == "string") and any(. == $audience))' "another audience"
claims '.exp | type == "number" and . > now and . < now + 366 * 86400' "expired"
claims '.iat | type == "number" and . <= now' "issued in the future"
claims '(has("nbf") | not) or (.nbf | type == "number" and . <= now)' "not valid yet"
claims 'has("events") | not' "the token of a logout"
# The last character counts: without it acme/app-evil is let in as well.
claims '.sub | type == "string" and startswith("project_path:\($project):")' "another project"

verdict=0
