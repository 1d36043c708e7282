"""What a service does with GitLab's tokens; here the service is PyJWT."""
import jwt
import pytest

from conftest import AUDIENCE


def login(token, gitlab):
    key = jwt.PyJWKClient(gitlab.jwks_uri).get_signing_key_from_jwt(token)
    return jwt.decode(
        token, key.key, algorithms=["RS256"], issuer=gitlab.issuer, audience=AUDIENCE
    )


def test_a_protected_tag_may_deploy(gitlab):
    claims = login(gitlab.token("ref/protected-tag"), gitlab)
    assert claims["ref_protected"] == "true"


@pytest.mark.parametrize(
    "scenario",
    ["time/expired", "audience/other-service", "key/unknown-kid", "signature/flipped-bit"],
)
def test_is_refused(gitlab, scenario):
    with pytest.raises(jwt.PyJWTError):
        login(gitlab.token(scenario), gitlab)
