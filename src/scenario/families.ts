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
			"Nothing here is an attack: these are the tokens of large groups, long jobs, old and new GitLabs, and of a JWKS that has moved on. A relying party that refuses one of them works today and fails some users tomorrow, mostly after an upgrade of GitLab that neither side thinks of as a change.",
		remedy:
			"Ignore claims, header members and keys that you do not know. Fetch the keys again for a kid that is new, at most every few minutes. Allow tokens of at least 16 KiB, in a body rather than in a header.",
	},
	ref: {
		title: "Jobs on other branches and tags",
		problem:
			"ref is a short name, and a branch and a tag may share it: v1.2.3 is whatever somebody with push rights made. Whoever may push any branch chooses its name, with colons, globs, capitals and look-alikes. Only ref_protected and ref_type say who was allowed to.",
		remedy:
			'Bind ref_type together with ref, or ref_path alone. Ask for ref_protected to be the string "true". Compare whole texts, case included; where a pattern is needed, anchor it at both ends and let no star cross a slash that matters.',
	},
	pipeline: {
		title: "Pipelines that something else started",
		problem:
			"The same project and ref run for many reasons: a push, a merge request of a stranger's fork, a schedule, another project's pipeline, a person who fills in variables. A policy for releases that looks at project and ref alone lets all of them in.",
		remedy:
			"List the values of pipeline_source that you mean. Refuse merge_request_event where code that nobody has reviewed must not get in, and compare job_project_id with project_id on a GitLab that has it.",
	},
	environment: {
		title: "Jobs that deploy, or say so",
		problem:
			'Whoever writes the pipeline file chooses the name of an environment, its tier and its action. environment_protected is what an owner of the project controls, and it is a string: in most languages "false" is true.',
		remedy:
			'Ask for environment_protected to be "true" together with the name, compare the name with its case, and let only environment_action start deploy.',
	},
	project: {
		title: "Other projects, and our own under another name",
		problem:
			"Paths can be given up and claimed by others, moved, nested and written in other capitals. A comparison by prefix or by a pattern without anchors takes my-group/my-project-evil for my-group/my-project. Numbers are never given out twice.",
		remedy:
			"Bind project_id (and namespace_id for a group), and project_path for people to read. Compare paths whole and, as GitLab does, without regard to case on both sides; end a prefix for a group with a slash.",
	},
	user: {
		title: "Who ran the job",
		problem:
			"A login can be given up and taken by somebody else, an e-mail address can be changed, and a project's bot has neither rank nor name that a person would know. A user's role is that in the project, not in your service.",
		remedy:
			"Decide by project and ref, not by person. Where a person counts, bind user_id; do not search an e-mail address for a domain, and be ready for user_login to be null.",
	},
	runner: {
		title: "Where the job ran",
		problem:
			"A job on a self-hosted runner runs on a machine that its owner controls, token and all. runner_environment is the only claim that tells.",
		remedy:
			"For provenance and for anything that trusts the build itself, ask for runner_environment gitlab-hosted; be ready for runner_id to be missing.",
	},
	config: {
		title: "Which pipeline file ran",
		problem:
			"What a job does stands in a file that may come from another project, another branch or another commit than the code. ci_config_ref_uri names it, or our own project where the file is another's, and may be null or missing; it has slashes and at-signs in places that a parser does not expect.",
		remedy:
			"Take the path from behind the first //, and the ref from behind the last @. Where the file counts, bind ci_config_ref_uri whole and ci_config_sha; treat null, missing, and a file with an at-sign as another's.",
	},
	subject: {
		title: "Other forms of sub",
		problem:
			"A project chooses of which parts its sub consists and in which order, and a long path makes it long: some clouds end at 127 bytes. A relying party that takes sub apart reads what an attacker named a branch.",
		remedy:
			"Bind the claims themselves. Where only sub can be bound, compare it whole, and set the project's components on purpose.",
	},
	near: {
		title: "Near misses of what the policy binds",
		problem:
			"Each file is a way of comparing sloppily, and becomes one token for each claim that the policy binds: near/prefix:project_path. Where GitLab itself issues such a token somebody else's job gets in; where only GitLab's key could sign it, the comparison is still not the one that the policy means.",
		remedy:
			"Check the claim's type, then compare whole texts as they are: no trimming, no change of case, no conversion to numbers. Anchor a pattern at both ends, escape its dots, and refuse a claim that is missing, null or empty.",
	},
	time: {
		title: "Tokens at the wrong time",
		problem:
			"A token lies in logs and caches for longer than it is good. Times that are missing, texts, lists or huge turn into something that is always true in one language or another, and an exp in milliseconds lies fifty thousand years ahead.",
		remedy:
			"Require exp and iat to be finite numbers. Refuse what is expired and what is not yet valid, with a leeway of a minute at most, and what lives longer than any job does.",
	},
	issuer: {
		title: "Tokens of another issuer",
		problem:
			"Everyone can run a GitLab, and make a group and project of any name there. The issuer is all that tells theirs from ours, and URLs have many spellings that look alike: a prefix, a suffix, a user name before an @.",
		remedy:
			"Compare iss with the configured issuer byte for byte, before anything is fetched; never build a URL to fetch from a token.",
	},
	audience: {
		title: "Tokens for another service",
		problem:
			"A job hands its token to the service that it is for. A service that is hostile, or that logs it, can hand it on to yours. aud may be a text or a list, and code that is written for one of them lets everything in when the other comes.",
		remedy:
			"Require aud to be a text or a list of texts, and your own name, which no other service uses, to be one of them whole.",
	},
	claims: {
		title: "Claims that are missing, or of another kind",
		problem:
			"A policy that compares a claim with nothing, or a boolean with a text, decides at random. Names that stand twice are read by two parsers as two tokens.",
		remedy:
			"Check that each claim that you decide by is there, with its type, before you compare; treat anything else as a refusal.",
	},
	"token-type": {
		title: "Tokens of the same issuer for another purpose",
		problem:
			"GitLab signs more than the tokens of jobs: people's sign-ins, logouts, the job's own token, and in older versions other tokens of jobs. They share issuer and keys, and sometimes the audience.",
		remedy:
			"Require what only a job's ID token has: a sub that begins with project_path: or another part that names a project, and project_id. Use an audience for jobs that is not an OAuth application's id.",
	},
	algorithm: {
		title: "Tokens that choose how they are verified",
		problem:
			"The header is written by whoever made the token. A verifier that does what it says verifies nothing (none), or uses a public RSA key as the secret of an HMAC that anyone can compute. This has been found again in one library after another since 2015.",
		remedy:
			"Give the verifier the list of algorithms: RS256 alone, which is what GitLab's discovery document says. Refuse before looking for a key.",
	},
	key: {
		title: "Tokens that bring their own key",
		problem:
			"A header can carry a key, a certificate, or the address of one, and a kid can be a path, a query or a URL. Whoever uses these verifies an attacker's token with an attacker's key, and fetches what an attacker names. Keys that are too short, or meant for encryption, are no better for being published.",
		remedy:
			"Take keys from the issuer's jwks_uri only, by kid compared as a text. Ignore jwk, jku, x5c and x5u. Pass over keys that are not RSA of at least 2048 bits with use sig.",
	},
	signature: {
		title: "Signatures that are not good",
		problem:
			"The signature is the only thing that an attacker cannot write. A verifier that stops at its form, that is content with a part of the padding, or that never learns of the failure lets every claim in.",
		remedy:
			"Use a library that is kept up, let it fail loudly, and test that a changed claim is refused: this is the test that most suites lack.",
	},
	header: {
		title: "Headers that ask for something else",
		problem:
			"crit lists what must be understood, b64 and zip change what the bytes mean, cty hides a second token, typ says that it is none of ours. What ignores them reads another token than was signed.",
		remedy:
			"Refuse a crit that you do not know, and a typ other than JWT. Inflate nothing, and do not unwrap tokens within tokens.",
	},
	encoding: {
		title: "Texts that are almost tokens",
		problem:
			"Where a lenient decoder stands beside a strict one, one of them reads a token that the other did not see: a list of used tokens is escaped, a gateway checks what the service does not read. Things that cannot be parsed must not end the process.",
		remedy:
			"Accept three parts of base64url in the one spelling that there is, over UTF-8 and JSON objects, and nothing else; turn every failure to parse into the same refusal.",
	},
	instance: {
		title: "A GitLab that misbehaves",
		problem:
			"GitLab is down, slow, behind a proxy that answers HTML, or somebody stands in its place. A relying party then must not let in what it cannot verify, not wait for ever, and not go down with it.",
		remedy:
			"Cache keys and go on with them for hours. Limit time and size of what you fetch, do not follow redirects, compare the issuer in the document with the one that you asked, and fetch once for many tokens that wait.",
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
