// The families of scenarios: what each is about, what goes wrong there, and what to do. Long because it is an essay for each.

/** What a folder of scenarios is about. */
export interface Family {
	title: string;
	/** what goes wrong, or why it matters */
	problem: string;
	/** what the owner of a relying party does */
	remedy: string;
}

export const FAMILIES = {
	valid: {
		title: "Genuine tokens that every relying party accepts",
		problem:
			"These are not attacks: they are tokens of large groups, long jobs, old and new GitLabs, and of a JWKS that has changed. A relying party that refuses one of them works today and fails for some users tomorrow, mostly after an upgrade of GitLab.",
		remedy:
			"Ignore claims, header parameters and keys that you do not know. Fetch the keys again for an unknown kid, at most every few minutes. Allow tokens of at least 16 KiB, in a body rather than in a header.",
	},
	ref: {
		title: "Jobs on other branches and tags",
		problem:
			"ref is a short name, which a branch and a tag can share. Whoever may push a branch chooses its name: v1.2.3, or one with globs, capitals and look-alike letters. Only ref_protected and ref_type say what kind of ref it is and who was allowed to push it.",
		remedy:
			'Bind ref_type together with ref, or bind ref_path alone. Require ref_protected to be the string "true". Compare whole strings with their letter case. If you need a pattern, anchor it at both ends, and let no star match a slash that matters.',
	},
	pipeline: {
		title: "Pipelines that something else than a push started",
		problem:
			"A project runs the same ref for many reasons: a push, a merge request from a stranger's fork, a schedule, another project's pipeline, a person who typed variables. A release policy that checks only project and ref accepts all of them.",
		remedy:
			"List the values of pipeline_source that you allow. Refuse merge_request_event where unreviewed code must not get in. Where your GitLab has job_project_id, compare it with project_id.",
	},
	environment: {
		title: "Jobs that deploy, or claim to",
		problem:
			"The author of the pipeline file chooses an environment's name, tier and action. Only environment_protected is set by the project's maintainers, and it is a string: in most languages the string \"false\" counts as true.",
		remedy:
			'Require environment_protected to be "true" together with the name, compare the name with its letter case, and accept only environment_action start.',
	},
	project: {
		title: "Other projects, and our project under another name",
		problem:
			"Somebody can give up a path and somebody else can take it. Paths can be moved, nested and written in other capitals. A comparison of the beginning, or a pattern without anchors, takes my-group/my-project-evil for my-group/my-project. GitLab never gives a project's id to another project.",
		remedy:
			"Bind project_id (and namespace_id for a group), and project_path so that people can read it. Compare whole paths and, as GitLab does, ignore letter case on both sides. End a prefix for a group with a slash.",
	},
	user: {
		title: "Who ran the job",
		problem:
			"Somebody can give up a username and somebody else can take it. An e-mail address can change, and a project's bot user has a name that GitLab made up. A user's role is the role in the project, not in your service.",
		remedy:
			"Decide by project and ref, not by person. Where a person counts, bind user_id. Do not search an e-mail address for a domain, and expect user_login to be null.",
	},
	runner: {
		title: "Where the job ran",
		problem:
			"The owner of a self-hosted runner controls the machine, and can read the token and change the build. Only the claim runner_environment shows which kind of runner it was.",
		remedy:
			"For provenance, and wherever you trust the build itself, require runner_environment gitlab-hosted. Expect runner_id to be missing.",
	},
	config: {
		title: "Which pipeline file ran",
		problem:
			"The pipeline file says what a job does. It can come from another project, branch or commit than the code. ci_config_ref_uri names it and may be null or missing, and it can have slashes and at signs where a parser does not expect them.",
		remedy:
			"The path begins after the first //, and the ref after the last @. Where the file counts, bind the whole ci_config_ref_uri and ci_config_sha. Treat null, a missing claim and a path with an at sign as a file that is not yours.",
	},
	subject: {
		title: "Other forms of sub",
		problem:
			"A project chooses which parts its sub has and in which order. A long path makes sub long, and some clouds accept only 127 bytes. A relying party that splits sub reads text that an attacker chose as a branch name.",
		remedy:
			"Bind the claims themselves. Where you can bind only sub, compare the whole string, and set the project's sub components on purpose.",
	},
	near: {
		title: "Near misses of what the policy binds",
		problem:
			"Each file is one way of comparing wrongly. check makes a token of it for each claim that your policy binds, such as near/prefix:project_path. Where GitLab itself issues such a token, somebody else's job gets in. Where only GitLab's key could sign it, the comparison is still not what the policy means.",
		remedy:
			"Check the claim's type, then compare the whole strings unchanged: do not trim, change case or convert to numbers. Anchor a pattern at both ends, escape its dots, and refuse a claim that is missing, null or empty.",
	},
	time: {
		title: "Tokens at the wrong time",
		problem:
			"Tokens stay in logs and caches longer than they are valid. Times that are missing, strings, arrays or very large numbers make a comparison true in one language or another. An exp in milliseconds is thousands of years away.",
		remedy:
			"Require exp and iat to be finite numbers. Refuse a token that has expired or is not yet valid, with a leeway of one minute, at most five, and one that lives longer than any job.",
	},
	issuer: {
		title: "Tokens of another issuer",
		problem:
			"Everyone can run a GitLab and create any group and project there. Only iss shows which GitLab a token is from. Many URLs look like ours: they begin or end like it, or have our host as the user name before an @.",
		remedy:
			"Compare iss with the configured issuer byte for byte, before you fetch anything. Never build a URL to fetch from a token.",
	},
	audience: {
		title: "Tokens for another service",
		problem:
			"A job sends its token to the service that it is for. If that service is hostile, or its log leaks, somebody can send the token to yours. aud may be a string or an array, and code that expects one of them often accepts everything when it gets the other.",
		remedy:
			"Require aud to be a string or an array of strings which contains exactly the audience of your service. Use an audience that no other service uses.",
	},
	claims: {
		title: "Claims that are missing or have another type",
		problem:
			"A policy that compares a missing claim, or a boolean with a string, decides at random. If a name appears twice, two parsers read two different tokens.",
		remedy:
			"Before you compare a claim, check that it is there and has the right type. Refuse the token otherwise.",
	},
	"token-type": {
		title: "Tokens that GitLab signs for another purpose",
		problem:
			"GitLab also signs ID tokens of people who sign in, the job token and, in older versions, other tokens of jobs. They have the same issuer and keys, and sometimes the same audience.",
		remedy:
			"Require what only a job's ID token has: project_id, and a sub that names a project. For jobs use an audience that is not the id of an OAuth application.",
	},
	algorithm: {
		title: "Tokens that choose how they are verified",
		problem:
			"The author of a token writes its header. A verifier that follows the header's alg verifies nothing (none), or uses the public RSA key as an HMAC secret, with which anyone can sign. Library after library has had this bug since 2015.",
		remedy:
			"Configure the verifier with the allowed algorithms: RS256 alone, as GitLab's discovery document says. Refuse other tokens before you look for a key.",
	},
	key: {
		title: "Tokens that bring their own key",
		problem:
			"A header can contain a key, a certificate or a URL of one, and a kid can be a file path, SQL or a URL. A verifier that uses them verifies an attacker's token with the attacker's key, and sends requests to any URL that a stranger writes. Publishing a key that is too short, or for encryption, does not make it fit for signatures.",
		remedy:
			"Use only keys of the issuer's jwks_uri, found by kid, compared as a string. Ignore jwk, jku, x5c and x5u. Ignore keys that are not RSA of at least 2048 bits with use sig.",
	},
	signature: {
		title: "Tokens with a wrong signature",
		problem:
			"The signature is the only part of a token that an attacker cannot write. A verifier that checks only its form or a part of its padding, or that ignores a failed check, accepts any claims.",
		remedy:
			"Use a maintained library, treat its errors as refusals, and test that your service refuses a token with a changed claim: most test suites lack this test.",
	},
	header: {
		title: "Headers that ask for something else",
		problem:
			"crit lists extensions that the recipient must understand, b64 and zip change what the bytes mean, cty announces a token inside the token, and typ says that the token is of another type. A service that ignores them can read another token than the one that was signed.",
		remedy:
			"Refuse a crit that you do not know, and a typ other than JWT. Do not decompress payloads, and do not unwrap tokens inside tokens.",
	},
	encoding: {
		title: "Strings that are almost tokens",
		problem:
			"If one decoder is lenient and another strict, one of them reads a token that the other does not see: it escapes a list of used tokens, or a gateway checks something else than the service reads. A token that cannot be parsed must not crash the process.",
		remedy:
			"Accept only three parts of base64url without padding, whose header and payload are JSON objects in UTF-8. Answer every parse error with the same refusal.",
	},
	instance: {
		title: "A GitLab that misbehaves",
		problem:
			"GitLab is down, slow or behind a proxy that answers with HTML, or an attacker answers in its place. The relying party must then not accept what it cannot verify, not wait for ever, and not crash.",
		remedy:
			"Cache the keys and use them for hours. Limit the time and size of every request, follow no redirects, and compare the issuer in the document with the one you asked for. If many tokens wait for keys, fetch the keys once.",
	},
} as const satisfies Record<string, Family>;

/** The folder of a built-in scenario. */
export type FamilyName = keyof typeof FAMILIES;

/** The first part of a scenario's id. */
export const familyOf = (id: string): string =>
	id.includes("/") ? id.slice(0, id.indexOf("/")) : "";

/** What is said of the family of a scenario; undefined where the user made it. */
export const familyText = (id: string): Family | undefined =>
	Object.hasOwn(FAMILIES, familyOf(id))
		? FAMILIES[familyOf(id) as FamilyName]
		: undefined;
