"""A GitLab for pytest: started once for the whole run, on a free port; any test takes it as the argument `gitlab`."""
import json
import os
import shlex
import subprocess
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

AUDIENCE = "https://rp.example.com"
# The file of `npm run single-file`; or, say, "npx --no-install gitlab-oidc-mock"
COMMAND = shlex.split(os.environ.get("GITLAB_MOCK", "node gitlab-oidc-mock.mjs"))


class GitLab:
    def __init__(self, url):
        self.issuer = url
        self.jwks_uri = f"{url}/oauth/discovery/keys"

    def token(self, scenario="valid/baseline", **query):
        """The token of a scenario: `gitlab.token("time/expired", aud="https://other.example.com")`."""
        with urlopen(f"{self.issuer}/_mock/token/{scenario}?{urlencode(query)}") as answer:
            return answer.read().decode()


@pytest.fixture(scope="session")
def gitlab():
    argv = [*COMMAND, "serve", "--port", "0", "--audience", AUDIENCE, "--json"]
    with subprocess.Popen(argv, stdout=subprocess.PIPE) as server:
        ready = server.stdout.readline()  # one line, once it answers
        if not ready:
            pytest.fail(f"{argv} did not start: exit code {server.wait()}")
        yield GitLab(json.loads(ready)["url"])
        server.terminate()
