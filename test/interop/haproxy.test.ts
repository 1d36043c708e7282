// HAProxy: jwt_verify with the PEM, and the rules around it that HAProxy's makers recommend.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { GitLab } from "../../src/index.js";
import { AUDIENCE, lax, relyingParty } from "./cases.js";
import { freePort, listens, makeFolder, start } from "./program.js";

/** As in HAProxy's "Verify OAuth JWT Tokens with HAProxy". */
const configuration = (gitlab: GitLab, port: number, pem: string) => `
defaults
	mode http
	timeout connect 5s
	timeout client 5s
	timeout server 5s

frontend api
	bind 127.0.0.1:${port}
	http-request set-var(txn.alg) http_auth_bearer,jwt_header_query('$.alg')
	http-request set-var(txn.iss) http_auth_bearer,jwt_payload_query('$.iss')
	http-request set-var(txn.aud) http_auth_bearer,jwt_payload_query('$.aud')
	http-request set-var(txn.exp) http_auth_bearer,jwt_payload_query('$.exp','int')
	http-request return status 401 content-type text/plain string "algorithm" unless { var(txn.alg) -m str RS256 }
	http-request return status 401 content-type text/plain string "issuer" unless { var(txn.iss) -m str ${gitlab.issuer} }
	http-request return status 401 content-type text/plain string "audience" unless { var(txn.aud) -m str ${AUDIENCE} }
	http-request return status 401 content-type text/plain string "signature" unless { http_auth_bearer,jwt_verify(txn.alg,"${pem}") -m int 1 }
	http-request set-var(txn.now) date()
	http-request return status 401 content-type text/plain string "expired" if { var(txn.exp),sub(txn.now) -m int lt 0 }
	http-request return status 200 content-type text/plain string "welcome"
`;

relyingParty("HAProxy", {
	async start(gitlab, later) {
		const home = await makeFolder(later);
		const pem = join(home, "gitlab.pem");
		const file = join(home, "haproxy.cfg");
		const port = await freePort();
		await writeFile(pem, gitlab.keys.ci.pem);
		await writeFile(file, configuration(gitlab, port, pem));
		const program = start("haproxy", ["-db", "-f", file], {
			from: "Debian's haproxy",
			home,
			later,
		});
		await program.until("listening", () => listens(port));
		return {
			async judge(token) {
				const response = await fetch(`http://127.0.0.1:${port}/`, {
					headers: { authorization: `Bearer ${token}` },
				});
				const text = await response.text();
				if (response.status === 200) return "accepted";
				if (response.status === 401) return { refused: text };
				throw new Error(`${response.status} ${text}`);
			},
		};
	},
	tooStrict: {
		"valid/aud-list-of-one": {
			refusal: /^audience$/,
			because: "the rule compares aud with a string",
		},
	},
	attacks: {
		"time/expired": /^expired$/,
		"time/exp-missing": lax(
			"the rule about exp compares nothing where there is none",
		),
		"time/exp-string": /^expired$/, // read as a number, and past
		"time/not-yet-valid": lax("none of the rules is about nbf"),
		"time/iat-in-future": lax("none of the rules is about iat"),
		"audience/other-service": /^audience$/,
		"audience/list-without-ours": /^audience$/,
		"audience/missing": /^audience$/,
		"issuer/other-gitlab": /^issuer$/,
		"issuer/trailing-slash": /^issuer$/,
		"issuer/missing": /^issuer$/,
		"key/unknown-kid": /^signature$/,
		"algorithm/alg-none": /^algorithm$/,
		"algorithm/hs256-public-key": /^algorithm$/,
		"signature/flipped-bit": /^signature$/,
		"signature/payload-changed-after-signing": /^signature$/,
		"a critical extension that nobody knows": lax(
			"none of the rules is about crit",
		),
	},
});
