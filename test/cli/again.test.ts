// The command that a finding names: the run's own, for one scenario.
import { expect, test } from "vitest";
import { checkAgain } from "../../src/cli/again.js";

test.for([
	[["rp.yaml"], "gitlab-oidc-mock check rp.yaml"],
	[
		["rp.yaml", "--quick", "--report", "json=a.json", "--report=html=b.html"],
		"gitlab-oidc-mock check rp.yaml",
	],
	[
		["--only", "time,key", "--http", "http://127.0.0.1:{port}/", "--skip=x"],
		"gitlab-oidc-mock check --http 'http://127.0.0.1:{port}/'",
	],
	[
		["--start", "node rp.mjs --only=me", "--level", "must", "rp.yaml"],
		"gitlab-oidc-mock check --start 'node rp.mjs --only=me' rp.yaml",
	],
	[
		["rp.yaml", "--control-token", "s3cret", "--server=http://a"],
		"gitlab-oidc-mock check rp.yaml --control-token SECRET --server=http://a",
	],
	[
		["rp.yaml", "--control-token=s3cret", "--update-known", "--compare", "x"],
		"gitlab-oidc-mock check rp.yaml --control-token SECRET",
	],
	[
		["--http", "https://user:p4ss@rp.test/x", "--start", "A=//b:c@d node x"],
		"gitlab-oidc-mock check --http https://user:SECRET@rp.test/x --start 'A=//b:SECRET@d node x'",
	],
] as const)("%j", ([args, command]) => {
	expect(checkAgain(args)("near/prefix:ref")).toBe(
		`${command} --only near/prefix:ref --details --show-tokens`,
	);
});
