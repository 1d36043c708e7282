// PyJWT as Debian packages it, in the example that reads lines and adds what PyJWT leaves out: nothing that the specs forbid gets in.
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkProfile } from "../../src/harness/check-profile.js";

const RP = join(import.meta.dirname, "../../examples/relying-parties/rp.py");

/** What it says beside, which fails nothing. */
const EXPLAINED = [
	"instance/jwks-with-unknown-key-types", // it reads none of a set with a key that it does not know
	"key/published-for-ps256", // the key's own alg is not looked at
	"valid/typ-media-type", // it wants JWT, word for word
];

test("PyJWT in our example has no finding but those that are explained", {
	timeout: 120_000,
}, async () => {
	const result = await checkProfile(
		{
			target: {
				lines: [
					"env",
					"ALLOWED_PROJECT=my-group/my-project",
					"/usr/bin/python3",
					RP,
				],
			},
			policy: {
				claims: { sub: { "starts-with": "project_path:my-group/my-project:" } },
			},
		},
		{ version: "test", selection: { skip: ["probe"] } },
	);
	expect(result.reason).toBeNull();
	const found = result.findings
		.filter(({ kind }) => kind !== "note")
		.map(({ id }) => id);
	expect(found.sort()).toEqual(EXPLAINED);
	expect(result.conclusion).toBe("no-findings"); // the probes are left out
	const accepted = result.scenarios.filter(
		({ outcome }) => outcome === "accepted",
	);
	expect(accepted.length).toBeGreaterThan(30);
});
