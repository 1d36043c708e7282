# PyJWT with its PyJWKClient: a token a line in, the answer a line out.
import sys

import jwt

issuer, audience = sys.argv[1:]
keys = jwt.PyJWKClient(issuer + "/oauth/discovery/keys")

for line in sys.stdin:
    token = line.strip()
    try:
        jwt.decode(
            token,
            keys.get_signing_key_from_jwt(token).key,
            algorithms=["RS256"],
            issuer=issuer,
            audience=audience,
        )
        print("accepted", flush=True)
    except (jwt.InvalidTokenError, jwt.PyJWKClientError) as error:
        print("refused:", f"{type(error).__name__}: {error}", flush=True)
    except Exception as error:
        print("broken:", f"{type(error).__name__}: {error}", flush=True)
