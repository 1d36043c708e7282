// The relying parties of examples/, asked in each way that there is by the check's own targets.
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
	type BuiltInScenario,
	type GitLab,
	startGitLab,
} from "../../src/index.js";
import { startRelyingParty } from "../../src/relying-party/start.js";
import type { TargetConfig } from "../../src/relying-party/target/config.js";
import { createTarget } from "../../src/relying-party/target/create.js";
import type { Target } from "../../src/relying-party/target/target.js";
import type { Answer } from "../../src/verdict/answer.js";
import { AUDIENCE, type Later } from "./cases.js";
import { makeFolder, start } from "./program.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const EXAMPLES = join(ROOT, "examples/relying-parties");

type Env = Readonly<Record<string, string>>;

const HONEST: readonly BuiltInScenario[] = [
	"valid/baseline",
	"valid/aud-list-of-one",
	"valid/aud-list-with-ours-last",
	"valid/unknown-claim-added",
	"valid/exp-float",
	"valid/typ-missing",
	"valid/gitlab-15.7",
];

const WRONG: readonly BuiltInScenario[] = [
	"algorithm/alg-none",
	"algorithm/hs256-public-key",
	"algorithm/ps256",
	"audience/missing",
	"audience/other-service",
	"audience/prefix",
	"encoding/empty-string",
	"encoding/five-parts",
	"encoding/non-canonical-last-character",
	"encoding/payload-not-json",
	"encoding/trailing-dot",
	"encoding/utf-16",
	"header/crit-null",
	"header/crit-unknown",
	"issuer/missing",
	"issuer/other-gitlab",
	"issuer/trailing-slash",
	"key/jwk-embedded",
	"key/kid-empty",
	"key/kid-path-traversal",
	"key/known-kid-other-key",
	"key/unknown-kid",
	"project/other-project",
	"project/path-suffix",
	"signature/doubled",
	"signature/flipped-bit",
	"signature/payload-changed-after-signing",
	"signature/ps256-says-rs256",
	"time/exp-missing",
	"time/exp-string",
	"time/expired",
	"time/iat-in-future",
	"time/not-yet-valid",
	"token-type/logout-token",
	"token-type/sign-in-token",
];

/** Registers the tests of one, opened as its README says. */
function example(
	name: string,
	open: (env: Env, later: Later) => Promise<Target>,
): void {
	describe(name, () => {
		let gitlab: GitLab;
		let target: Target;
		const ends: Parameters<Later>[0][] = [];
		const show = async (token: string, scenario: string): Promise<Answer> =>
			target.present({
				token,
				issuer: gitlab.issuer,
				audience: AUDIENCE,
				scenario,
			});

		beforeAll(async () => {
			gitlab = await startGitLab({ audience: AUDIENCE });
			ends.push(gitlab.close);
			const { project_path } = decodeJwt(await gitlab.token());
			const env = {
				OIDC_ISSUER: gitlab.issuer,
				OIDC_JWKS_URI: `${gitlab.issuer}/oauth/discovery/keys`,
				OIDC_AUDIENCE: AUDIENCE,
				ALLOWED_PROJECT: String(project_path),
			};
			target = await open(env, (end) => void ends.push(end));
			ends.push(() => target.close());
		});
		afterAll(async () => {
			for (const end of ends.reverse()) await end();
		});

		test.for(HONEST)("accepts %s", async (id) => {
			const answer = await show(await gitlab.token(id), id);
			expect(answer).toMatchObject({ outcome: "accepted" });
		});

		test.for(WRONG)("rejects %s", async (id) => {
			const token = await gitlab.token(id);
			const [answer, honest] = [
				await show(token, id),
				await show(await gitlab.token(), "valid/baseline"),
			];
			expect(answer).toMatchObject({ outcome: "rejected" });
			expect(answer.detail).not.toBe("");
			expect(honest).toMatchObject({ outcome: "accepted" });
		});
	});
}

const timeout = 20; // seconds
const open = (config: TargetConfig, env: Env) =>
	createTarget(config, { timeout, env });

example("rp.ts, over HTTP", async (env, later) => {
	const folder = await makeFolder(later);
	await writeFile(
		join(folder, "tsconfig.json"),
		JSON.stringify({
			extends: join(ROOT, "tsconfig.json"),
			compilerOptions: {
				rootDir: EXAMPLES,
				outDir: join(folder, "dist"),
				typeRoots: [join(ROOT, "node_modules/@types")],
				declaration: false,
				declarationMap: false,
				sourceMap: false,
			},
			include: [join(EXAMPLES, "rp.ts")],
		}),
	);
	await mkdir(join(folder, "dist"));
	await writeFile(join(folder, "dist/package.json"), '{"type":"module"}');
	await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"));
	await run("node", ["node_modules/typescript/bin/tsc", "-p", "."], {
		folder,
		later,
		from: "the development dependencies",
	});
	const rp = await startRelyingParty(
		[process.execPath, join(folder, "dist/rp.js")],
		{ env, timeout },
	);
	later(rp.close);
	const { port } = rp;
	const url = "http://127.0.0.1:{port}/";
	return createTarget({ http: { url } }, { timeout, port });
});

example("rp.go, line by line", async (env, later) => {
	const folder = await makeFolder(later);
	// Debian 12 has go-oidc 2, which is imported by another name, and is the same to who uses this much of it.
	const source = await readFile(join(EXAMPLES, "rp.go"), "utf8");
	await writeFile(
		join(folder, "rp.go"),
		source.replace(
			'"github.com/coreos/go-oidc/v3/oidc"',
			'oidc "github.com/coreos/go-oidc"',
		),
	);
	const binary = join(folder, "rp");
	await run("go", ["build", "-o", binary, join(folder, "rp.go")], {
		folder,
		later,
		from: "Debian's golang-go and golang-github-coreos-go-oidc-dev",
		// Debian's libraries are sources below GOPATH, without modules and without a network.
		env: {
			CGO_ENABLED: "0", // no C compiler either
			GO111MODULE: "off",
			GOPATH: "/usr/share/gocode",
			GOCACHE: join(folder, "cache"),
		},
	});
	return open({ lines: [binary] }, env);
});

example("rp.py, line by line", async (env) =>
	open({ lines: ["/usr/bin/python3", join(EXAMPLES, "rp.py")] }, env),
);

example("rp.sh, a process for each token", async (env) =>
	open({ command: ["sh", join(EXAMPLES, "rp.sh")] }, env),
);

/** Runs a compiler to its end. */
async function run(
	command: string,
	args: readonly string[],
	{
		folder,
		...options
	}: { folder: string; later: Later; from: string; env?: Env },
): Promise<void> {
	const program = start(command, args, { home: folder, ...options });
	const code = await program.exit();
	if (code !== 0) throw new Error(`${command}: ${program.output()}`);
}
