# A relying party that reads a token a line, with PyJWT.
import base64
import json
import os
import signal
import sys
import time

import jwt

keys = jwt.PyJWKClient(os.environ["OIDC_JWKS_URI"])
project = os.environ["ALLOWED_PROJECT"]

YEAR = 366 * 86400  # seconds


def read(token):
    """The header and the claims. PyJWT takes more than RFC 7515 lets a token be written with."""
    parts = token.split(".")
    if len(parts) != 3:
        raise jwt.DecodeError("not three parts")
    raw = [base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)) for part in parts]
    if [base64.urlsafe_b64encode(part).decode().rstrip("=") for part in raw] != parts:
        raise jwt.DecodeError("not base64url")
    return json.loads(raw[0].decode()), json.loads(raw[1].decode())


def verify(token):
    header, claims = read(token)
    # PyJWT does not look at crit and typ, nor at the length of a key.
    if "crit" in header or str(header.get("typ", "JWT")).upper() != "JWT":
        raise jwt.InvalidTokenError("crit or typ")
    key = keys.get_signing_key_from_jwt(token).key
    if key.key_size < 2048:
        raise jwt.InvalidTokenError("the key is too short")
    jwt.decode(
        token,
        key,
        algorithms=["RS256"],
        issuer=os.environ["OIDC_ISSUER"],
        audience=os.environ["OIDC_AUDIENCE"],
        options={"require": ["iss", "aud", "sub", "exp", "iat"]},
    )
    # It takes a time that is a text, or true, and any exp.
    for name in ("exp", "iat", "nbf"):
        if type(claims.get(name, 0)) not in (int, float):
            raise jwt.InvalidTokenError(name + " is no number")
    if claims["exp"] > time.time() + YEAR:
        raise jwt.InvalidTokenError("exp is too far off")
    if "events" in claims:
        raise jwt.InvalidTokenError("the token of a logout")
    # The last character counts: without it acme/app-evil is let in as well.
    sub = claims["sub"]
    if type(sub) is not str or not sub.startswith(f"project_path:{project}:"):
        raise jwt.InvalidTokenError(f"sub is not of {project}")
    return sub


def give_up(*_):
    raise TimeoutError("the issuer is too slow")


signal.signal(signal.SIGALRM, give_up)
for line in sys.stdin:
    question = json.loads(line)
    # A limit on silence alone, as a socket has it, never ends an answer that comes byte by byte.
    signal.alarm(5)
    try:
        answer = {"accepted": True, "detail": verify(question["token"])}
    except Exception as error:
        # Whatever goes wrong, nobody is let in.
        answer = {"accepted": False, "detail": f"{type(error).__name__}: {error}"}
    signal.alarm(0)
    print(json.dumps({"id": question["id"], **answer}), flush=True)
