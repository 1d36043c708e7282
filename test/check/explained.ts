// What relying parties do wrong that are used as their documentation says: each finding by name, with the reason.

/** The finding's id, and why it is there. */
export type Explained = Readonly<Record<string, string>>;

const SUB = "nothing here decides by sub, which is not bound";
const EXPONENT = "the exponent of a key is not looked at";
const LEGACY = "its other claims are a job's, and sub is not bound";
const NO_EXP = "exp is compared where it is there, and not required";
const SHORT = "no library looks at the length of a key that it is given";
const UTF_8 = "Node's decoder puts a sign in the place of what is no UTF-8";
const CRIT = "crit is not looked at";
const UNLIMITED = "nothing limits what is fetched, nor for how long";

const OF_ALL: Explained = {
	"claims/sub-empty": SUB,
	"key/exponent-one-key": EXPONENT,
	"token-type/legacy-job-jwt-v1": LEGACY,
};

const IF_THERE =
	"iss and aud are compared where they are there, and not required";

/** By library. */
export const EXPLAINED: Readonly<Record<string, Explained>> = {
	jose: {
		...OF_ALL,
		"algorithm/eddsa":
			"the algorithms are those of the keys, unless they are given",
		"algorithm/es256-with-published-ec-key":
			"the algorithms are those of the keys, unless they are given",
		"claims/sub-number": SUB,
		"encoding/trailing-newline": "its decoder of base64url drops white space",
		"time/exp-missing": NO_EXP,
	},
	"openid-client": {
		...OF_ALL,
		"encoding/invalid-utf-8": UTF_8,
		"encoding/standard-base64-alphabet": "its decoder takes both alphabets",
		"encoding/trailing-newline": "its decoder of base64url drops white space",
	},
	"jsonwebtoken with jwks-rsa": {
		...OF_ALL,
		"claims/sub-number": SUB,
		"encoding/invalid-utf-8": UTF_8,
		"encoding/payload-string":
			"a text in place of claims is returned as a text, which jsonwebtoken signs too",
		"header/b64-false": CRIT,
		"header/crit-not-a-list": CRIT,
		"header/crit-null": CRIT,
		"header/crit-unknown": CRIT,
		"instance/jwks-slow-drip": UNLIMITED,
		"instance/jwks-truncated":
			"jwks-rsa does not notice that an answer has ended too early",
		"key/published-for-ps256": "the key's alg is not handed on with its PEM",
		"key/rsa-1024-key-in-jwks": SHORT,
		"key/rsa-512-key-in-jwks": SHORT,
		"time/exp-missing": NO_EXP,
	},
	"fast-jwt with get-jwks": {
		...OF_ALL,
		"audience/missing": "aud is compared where it is there, and not required",
		"claims/sub-number": SUB,
		"encoding/invalid-utf-8": UTF_8,
		"header/crit-null": "crit is looked at where it is something",
		"issuer/missing": "iss is compared where it is there, and not required",
		"near/missing:aud": IF_THERE,
		"near/missing:iss": IF_THERE,
		"near/member-name-case:aud": IF_THERE,
		"near/member-name-case:iss": IF_THERE,
		"near/prototype:aud": IF_THERE,
		"near/prototype:iss": IF_THERE,
		"key/rsa-1024-key-in-jwks": SHORT,
		"key/rsa-512-key-in-jwks": SHORT,
		"time/exp-missing": NO_EXP,
	},
};

/** Findings that come and go with the speed of the machine: what is fetched has no limit. */
export const SOMETIMES: Explained = {
	"instance/jwks-of-50-mib": UNLIMITED,
	"instance/jwks-ten-thousand-keys": UNLIMITED,
};
