// The whole check of a login with the library of Vault's method: what it lets in whatever a role says is expected of it.
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkProfile } from "../../src/harness/check-profile.js";
import { type GitLab, startGitLab } from "../../src/index.js";
import { vaultPreset } from "../../src/presets/vault.js";
import type { Later } from "./cases.js";
import { makeFolder, start } from "./program.js";

const open = {
	role_type: "jwt",
	user_claim: "user_email",
	bound_audiences: ["https://vault.example.com"],
};
const ROLES = {
	open,
	// docs/policies.md, "HashiCorp Vault and OpenBao".
	"my-project-production": {
		...open,
		bound_claims_type: "glob",
		bound_claims: {
			project_id: "4217",
			ref_type: "branch",
			ref_protected: "true",
			ref: ["main", "release/*"],
		},
	},
};

const FROM = "Debian's golang-go and golang-gopkg-square-go-jose.v2-dev";
const ends: (() => Promise<unknown>)[] = [];
let gitlab: GitLab;
let url: string;

beforeAll(async () => {
	const later: Later = (end) => ends.unshift(end);
	gitlab = await startGitLab();
	later(() => gitlab.close());
	const home = await makeFolder(later);
	const binary = join(home, "vault");
	const source = join(import.meta.dirname, "vault/main.go");
	const build = start("go", ["build", "-o", binary, source], {
		...{ from: FROM, home, later },
		env: {
			CGO_ENABLED: "0",
			GO111MODULE: "off",
			GOPATH: "/usr/share/gocode",
			GOCACHE: join(home, "cache"),
		},
	});
	expect(await build.exit()).toBe(0);
	const program = start(binary, [gitlab.issuer, JSON.stringify(ROLES)], {
		...{ from: FROM, home, later },
	});
	url = await program.until("listening", () => {
		const [, address] = /^(127\.0\.0\.1:\d+)\n/.exec(program.output()) ?? [];
		return address && `http://${address}`;
	});
});
afterAll(async () => {
	for (const end of ends) await end();
});

const checked = (role: keyof typeof ROLES, quick = false) => {
	const preset = vaultPreset({ url, role, roleJson: ROLES[role] });
	const { target, policy, audience, service } = preset;
	return checkProfile(
		{ target, policy, audience, server: gitlab.url, limits: { refresh: 1 } },
		{ version: "0", service, selection: { quick } },
	);
};

describe("a role", () => {
	test("that binds a project conforms", { timeout: 120_000 }, async () => {
		const result = await checked("my-project-production");
		expect(result.causes.filter(({ fails }) => fails)).toEqual([]);
		expect(result.conclusion).toBe("conforms");
		const ways = vaultPreset({
			...{ url, role: "r", roleJson: ROLES["my-project-production"] },
		}).service?.ways;
		const met = result.findings
			.filter(({ kind }) => kind === "service")
			.map(({ id }) => id);
		// Each was seen, but for a token without the user claim, and fetches that this program makes one after the other.
		expect(ways?.filter((id) => !met.includes(id))).toMatchInlineSnapshot(`
			[
			  "token-type/logout-token",
			  "probe/unknown-kid-flood",
			]
		`);
	});
	test("that binds nothing has one cause: every project", {
		timeout: 120_000,
	}, async () => {
		const result = await checked("open", true);
		const causes = result.causes.filter(({ fails }) => fails);
		expect(causes.map(({ sentence }) => sentence)).toEqual([
			"The role open accepts every project of this GitLab.",
		]);
		expect(result.conclusion).toBe("findings");
	});
});
