"""Testcontainers for Python: a GitLab in a container. pip install testcontainers pytest"""
import base64
import json
from urllib.request import urlopen

import pytest
from testcontainers.core.container import DockerContainer
from testcontainers.core.wait_strategies import HttpWaitStrategy


@pytest.fixture(scope="session")
def issuer():
    container = (
        DockerContainer("registry.example.com/gitlab-oidc-mock")  # wherever you pushed the image
        .with_exposed_ports(8080)
        .with_env("GITLAB_OIDC_MOCK_AUDIENCE", "https://rp.example.com")
        # Only for a service that is in a container too, on the same network; it calls the mock by this alias:
        # .with_network(network).with_network_aliases("gitlab")
        # .with_env("GITLAB_OIDC_MOCK_ISSUER", "http://gitlab:8080")
        .waiting_for(HttpWaitStrategy(8080, "/_mock/health"))
    )
    with container as gitlab:
        yield f"http://{gitlab.get_container_host_ip()}:{gitlab.get_exposed_port(8080)}"


def test_a_genuine_token_is_of_this_issuer(issuer):
    with urlopen(f"{issuer}/_mock/token/ref/protected-tag") as answer:
        payload = answer.read().split(b".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + b"=="))
    assert claims["iss"] == issuer
    # Here your service, with this issuer: it accepts this token, and refuses that of time/expired.
