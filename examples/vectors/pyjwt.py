# PyJWT (Debian: python3-jwt): python3 pyjwt.py vectors.json [known failures]
import datetime
import json
import sys
from unittest import mock

import jwt

document = json.load(open(sys.argv[1]))
verifier = document["verifier"]


class FixedTime(datetime.datetime):  # PyJWT takes no clock
    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(verifier["now"], tz)


def accepts(vector):
    token = vector["token"]
    kid = jwt.get_unverified_header(token)["kid"]
    keys = jwt.PyJWKSet.from_dict(vector["jwks"] or document["jwks"]).keys
    key = next(key for key in keys if key.key_id == kid).key
    jwt.decode(token, key, algorithms=verifier["algorithms"], issuer=verifier["issuer"],
               audience=verifier["audience"], leeway=verifier["leeway"])


failures = []
for vector in (v for v in document["vectors"] if v["level"] == "must"):
    with mock.patch("jwt.api_jwt.datetime", FixedTime):
        try:
            accepts(vector)
            outcome = "accepted"
        except Exception:  # a service refuses whatever its library throws
            outcome = "refused"
    if (outcome, vector["expect"]) in (("accepted", "reject"), ("refused", "accept"), ("refused", "policy")):
        failures.append(f"{outcome} {vector['id']}")
known = open(sys.argv[2]).read().splitlines() if len(sys.argv) > 2 else []
print(*failures, sep="\n", end="\n" if failures else "")
sys.exit(failures != known)
