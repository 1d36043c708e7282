// check --init: a profile with every part in it, commented, to be filled in.
import { writeFile } from "node:fs/promises";
import { MockError, messageOf } from "../../errors.js";
import { EXIT, type Io } from "../io.js";

const PROFILE = `# yaml-language-server: $schema=./node_modules/gitlab-oidc-mock/schemas/profile.json
# What gitlab-oidc-mock check needs to know of a relying party (RP). Run it with: gitlab-oidc-mock check FILE

# How a token is handed over. {token}, {issuer}, {audience}, {scenario} and {port} are filled in.
target:
  http:
    url: http://127.0.0.1:{port}/login
    method: POST
    headers: { Authorization: "Bearer {token}" }
    # json: { jwt: "{token}" }
    # form: { assertion: "{token}" }
    accepted: [2xx]
    rejected: [400, 401, 403]
  # command: ./verify.sh        # token on stdin; exit 0 accepted, 1 rejected
  # lines: node verifier.js     # one process; a JSON line in, a JSON line out

# Starts the RP with OIDC_ISSUER, OIDC_JWKS_URI, OIDC_AUDIENCE, OIDC_CA_FILE and PORT in its environment.
# Without it the RP must run already, and trust the issuer below.
start: node server.js

audience: https://rp.example.com

# The issuer that the check brings up; port and host matter to an RP that runs elsewhere.
# issuer: { host: gitlab.test, port: 8080, tls: true, gitlab_version: "17.11" }
# server: http://127.0.0.1:8080   # or one that runs: gitlab-oidc-mock serve

# The job that the RP lets in, where it differs from the built-in one (main of my-group/my-project).
job:
  project: { path: my-group/my-project }
  ref: main
  # environment: { name: production, protected: true }

# What the RP demands of claims, beyond a good signature, issuer, audience and time.
policy:
  claims:
    project_path: my-group/my-project
    # ref: [main, stable]
    # ref: { glob: "release/*" }
    # ref_protected: "true"
    # sub: { regex: "^project_path:my-group/" }
  # required: [jti]
  # leeway: 60                # seconds, or { exp: 60, nbf: 0, iat: 0 }
  # audience: single          # aud must be ours alone; default: contain it
  # replay: reject            # a token is good once

# library: jose               # or jsonwebtoken, fast-jwt, express-jwt, aws-jwt-verify, PyJWT: reports say what to write
# limits: { timeout: 10, start: 30, refresh: 60 }   # seconds

# What is known to fail does not fail the run; what is listed and passes does.
# known_failures:
#   - { id: header/typ-other, because: "ticket 4711" }
`;

const DEFAULT_FILE = "rp.yaml";

/**
 * Writes a profile.
 * @throws MockError `file` where there is one of that name already, or it cannot be written
 */
export async function initProfile(
	name: string | true,
	io: Io,
): Promise<number> {
	const file = name === true ? DEFAULT_FILE : name;
	await writeFile(file, PROFILE, { flag: "wx" }).catch((error) => {
		const exists = (error as NodeJS.ErrnoException).code === "EEXIST";
		throw new MockError(
			"file",
			exists
				? `${file} is there already; name another: check --init FILE`
				: `cannot write ${file}: ${messageOf(error)}`,
			{ cause: error },
		);
	});
	io.stderr.write(
		`wrote ${file}; fill it in, then: gitlab-oidc-mock check ${file}\n`,
	);
	return EXIT.fine;
}
