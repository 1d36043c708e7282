// PyJWT as Debian packages it, in the example that reads lines: nothing that the specs forbid gets in, and every finding is explained.
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkProfile } from "../../src/harness/check-profile.js";
import { explained } from "./explained.js";

const RP = join(import.meta.dirname, "../../examples/relying-parties/rp.py");

test("PyJWT has no finding but those that are explained", {
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
	expect(result.findings.filter(({ level }) => level === "must")).toEqual([]);
	expect(result.findings.filter(({ id }) => !explained(id))).toEqual([]);
	expect(result.conclusion).toBe("conforms");
	const accepted = result.scenarios.filter(
		({ outcome }) => outcome === "accepted",
	);
	expect(accepted.length).toBeGreaterThan(30);
});
