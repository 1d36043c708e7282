// What the help of each command shows to begin with. Each is run by test/interop/docs.test.ts.

/** By the command's name: a command line, and what it does. */
export const EXAMPLES: Readonly<
	Record<string, readonly (readonly [string, string])[]>
> = {
	serve: [
		["serve --port 8080", "for this machine alone"],
		[
			"serve --tls --tls-ca ca.pem",
			"https as well; your service trusts ca.pem",
		],
		[
			"serve --gitlab-version 17.11 --keys keys.json",
			"as an older GitLab, with the same keys each time",
		],
	],
	token: [
		[
			"token protected-tag --aud https://vault.example.com",
			"from the running server",
		],
		[
			"token valid/baseline --set ref=release/1 --json",
			"another ref, with the claims",
		],
		[
			"token expired --keys keys.json --issuer https://gitlab.test",
			"without a server",
		],
	],
	job: [
		[
			"job --from-token - < token.txt",
			"the job that makes the same claims here",
		],
		[
			"job --from-token - --compare < token.txt",
			"what would be otherwise here; exit code 1 if anything is",
		],
	],
	jobs: [
		["jobs .gitlab-ci.yml", "which jobs have which ID tokens"],
		["jobs .gitlab-ci.yml --tag v1.2.3", "on a tag"],
		["jobs .gitlab-ci.yml deploy --format dotenv", "the tokens of one job"],
	],
	scenarios: [
		["scenarios --family ref", "those of a family"],
		["scenarios --text CVE-2015-9235", "those that name it"],
		["scenarios protected-tag", "the file of one"],
	],
	keys: [
		["keys", "as JWKS, of the running server"],
		["keys --pem --kid ci", "as PEM, the one that signs ID tokens"],
		["keys --new new-keys.json", "private ones, for serve --keys"],
	],
	decode: [
		[
			"decode < token.txt",
			"from standard input: no list of processes shows it",
		],
		[
			"decode --aud https://vault.example.com < token.txt",
			"judged by this audience as well",
		],
	],
	check: [
		[
			'check --quick --start "node server.js" --http http://127.0.0.1:{port}/login',
			"a first try",
		],
		["check --init", "writes rp.yaml, a profile to fill in"],
		["check rp.yaml --report html=check.html", "everything"],
	],
	vectors: [
		[
			"vectors --now 2030-01-01T00:00:00Z --keys keys.json > vectors.json",
			"the same each time",
		],
	],
	healthcheck: [["healthcheck --wait 10", "wait until the server is ready"]],
	completion: [
		["completion bash > completion.sh", "then: source completion.sh"],
	],
};

/** The examples of a command, as its help has them. */
export function examplesText(program: string, command: string): string {
	const examples = EXAMPLES[command] ?? [];
	return [
		"",
		"Examples:",
		...examples.flatMap(([line, does]) => [
			`  $ ${program} ${line}`,
			`      ${does}`,
		]),
	].join("\n");
}
