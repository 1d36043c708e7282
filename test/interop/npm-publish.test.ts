// npm's trusted publishing: the npm client carries GitLab's token to a registry, which verifies it with jose.
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import express from "express";
import { createRemoteJWKSet, errors, jwtVerify } from "jose";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type GitLab, startGitLab } from "../../src/index.js";
import type { Later } from "./cases.js";
import { makeFolder, type Program, start } from "./program.js";

const NPM = "npm 11.5.1 or later: npm install --global npm@11";
const PACKAGE = "trusted";
const SHORT_LIVED = "npm_short-lived";

interface Registry {
	url: string;
	/** what the exchange said of each token */
	verdicts: string[];
	/** the names of the files that were published */
	published: string[];
	/** how often npm asked whether the package is public */
	visibilityAsked: number;
}

/** Trusts one project of `gitlab`, for one package. */
async function startRegistry(gitlab: GitLab, later: Later): Promise<Registry> {
	const keys = createRemoteJWKSet(
		new URL(`${gitlab.url}/oauth/discovery/keys`),
	);
	const { claims } = await gitlab.mint();
	const app = express();
	const server = app.listen(0, "127.0.0.1");
	later(async () => {
		server.closeAllConnections();
		server.close();
		await once(server, "close");
	});
	await once(server, "listening");
	const { port } = server.address() as AddressInfo;
	const registry: Registry = {
		url: `http://127.0.0.1:${port}/`,
		verdicts: [],
		published: [],
		visibilityAsked: 0,
	};

	const exchange = `/-/npm/v1/oidc/token/exchange/package/${PACKAGE}`;
	app.post(exchange, async (request, response) => {
		const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? "");
		try {
			const { payload } = await jwtVerify(token?.[1] ?? "", keys, {
				issuer: gitlab.issuer,
				audience: "npm:127.0.0.1",
				requiredClaims: ["exp"],
			});
			if (payload.project_path !== claims.project_path) {
				throw new errors.JWTClaimValidationFailed("not this project", payload);
			}
			registry.verdicts.push("accepted");
			response.status(201).json({ token: SHORT_LIVED });
		} catch (error) {
			if (!(error instanceof errors.JOSEError)) throw error;
			registry.verdicts.push(error.message);
			response.status(401).json({ message: error.message });
		}
	});
	app.use((request, response, next) => {
		if (request.headers.authorization === `Bearer ${SHORT_LIVED}`) next();
		else response.status(404).json({ error: "not found" });
	});
	app.get(`/-/package/${PACKAGE}/visibility`, (_request, response) => {
		registry.visibilityAsked += 1;
		response.json({ public: false }); // with true, npm asks sigstore for a certificate
	});
	app.put(
		`/${PACKAGE}`,
		express.json({ limit: "1mb" }),
		(request, response) => {
			const { _attachments } = request.body as { _attachments: object };
			registry.published.push(...Object.keys(_attachments));
			response.status(201).json({});
		},
	);
	app.use((_request, response) => {
		response.status(404).json({ error: "not found" });
	});
	return registry;
}

describe("npm publish", () => {
	const ends: Parameters<Later>[0][] = [];
	const later: Later = (end) => void ends.push(end);
	let gitlab: GitLab;
	let registry: Registry;

	beforeEach(async () => {
		gitlab = await startGitLab({ audience: "npm:127.0.0.1" });
		later(gitlab.close);
		registry = await startRegistry(gitlab, later);
	});
	afterEach(async () => {
		for (const end of ends.splice(0).reverse()) await end();
	});

	/** Runs `npm publish` as a GitLab job would, and gives its exit code. */
	async function publish(
		token: string,
		env: Record<string, string> = {},
	): Promise<Program & { code: number }> {
		const home = await makeFolder(later);
		const manifest = { name: PACKAGE, version: "1.0.0" };
		await writeFile(join(home, "package.json"), JSON.stringify(manifest));
		await writeFile(join(home, ".npmrc"), `registry=${registry.url}\n`);
		const program = start("npm", ["publish", "--loglevel=verbose"], {
			from: NPM,
			home,
			later,
			env: {
				CI: "true",
				GITLAB_CI: "true",
				NPM_ID_TOKEN: token,
				npm_config_update_notifier: "false",
				...env,
			},
		});
		const code = await program.exit();
		return { ...program, code };
	}

	test("is of a version with trusted publishing", async () => {
		const home = await makeFolder(later);
		const npm = start("npm", ["--version"], { from: NPM, home, later });
		expect(await npm.exit()).toBe(0);
		const [major = 0, minor = 0] = npm.output().trim().split(".").map(Number);
		expect(major + minor / 1000, NPM).toBeGreaterThanOrEqual(11.005);
	});

	test("publishes with an honest token", async () => {
		const { code, output } = await publish(await gitlab.token());
		expect(output()).toContain("oidc Successfully retrieved and set token");
		expect(registry.verdicts).toEqual(["accepted"]);
		expect(registry.published).toEqual([`${PACKAGE}-1.0.0.tgz`]);
		expect(code).toBe(0);
	});

	test.for([
		["time/expired", '"exp" claim timestamp check failed'],
		["time/exp-missing", 'missing required "exp" claim'],
		["time/not-yet-valid", '"nbf" claim timestamp check failed'],
		["audience/other-service", 'unexpected "aud" claim value'],
		["issuer/other-gitlab", 'unexpected "iss" claim value'],
		["key/unknown-kid", "no applicable key found in the JSON Web Key Set"],
		["algorithm/alg-none", 'Unsupported "alg" value for a JSON Web Key Set'],
		[
			"algorithm/hs256-public-key",
			'Unsupported "alg" value for a JSON Web Key Set',
		],
		["signature/flipped-bit", "signature verification failed"],
		["project/other-project", "not this project"],
	] as const)("publishes nothing with %s", async ([scenario, verdict]) => {
		const { code, output } = await publish(await gitlab.token(scenario));
		expect(output()).toContain(
			`oidc Failed token exchange request with body message: ${verdict}`,
		);
		expect(output()).toContain("npm error code ENEEDAUTH");
		expect(registry.verdicts).toEqual([verdict]);
		expect(registry.published).toEqual([]);
		expect(code).toBe(1);
	});

	test.for([
		["public", 1],
		["private", 0],
	] as const)("reads project_visibility: %s", async ([visibility, asked]) => {
		const token = await gitlab.token("valid/baseline", {
			job: { project: { visibility } },
		});
		const { code } = await publish(token, { SIGSTORE_ID_TOKEN: "unused" });
		expect(registry.visibilityAsked).toBe(asked);
		expect(registry.published).toHaveLength(1);
		expect(code).toBe(0);
	});
});
