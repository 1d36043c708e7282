// What the tests of the presets share: tokens of many situations, a server of the test's own, and the verdict on both sides.
import type { JsonWebKey } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { createLocalJWKSet, type JWTPayload, jwtVerify } from "jose";
import { type GitLab, startGitLab, verifyToken } from "../../src/index.js";
import type { Preset } from "../../src/presets/preset.js";
import { targetSchema } from "../../src/relying-party/target/config.js";
import { judgePolicy, leewayOf } from "../../src/verdict/policy/judge.js";
import { policySchema } from "../../src/verdict/policy/schema.js";

export const SITUATIONS = [
	"valid/baseline",
	"valid/unknown-claim-added",
	"valid/aud-list-of-one",
	"valid/aud-list-with-ours-last",
	"valid/large-ids",
	"valid/unicode-claims",
	"project/other-project",
	"project/same-group-other-project",
	"project/path-prefix",
	"project/path-suffix",
	"project/mixed-case",
	"project/reclaimed-path",
	"project/nested-below",
	"ref/protected-branch",
	"ref/protected-tag",
	"ref/unprotected-branch",
	"ref/unprotected-tag",
	"ref/feature-branch-with-slashes",
	"ref/ref-with-glob-characters",
	"ref/release-branch-prefix",
	"ref/tag-named-like-the-branch",
	"ref/upper-case-ref",
	"ref/homoglyph-ref",
	"environment/production-tier",
	"environment/staging-tier",
	"environment/review-app",
	"environment/protected",
	"environment/upper-case-name",
	"user/no-user",
	"user/owner",
	"user/groups-direct",
	"runner/no-runner",
	"runner/self-hosted",
	"pipeline/merge-request-from-fork",
	"subject/project-id-first",
	"subject/with-ref-protected",
	"subject/sub-longer-than-127-bytes",
	"audience/other-service",
	"time/expired",
	"time/not-yet-valid",
] as const;

export type Outcome = "accepted" | "rejected" | "broken";

/** Asks a service as the preset's target says, and reads its answer as the target says. */
export async function ask(preset: Preset, token: string): Promise<Outcome> {
	const http = httpOf(preset);
	const { url, method, headers, json, form } = http;
	const fill = (text: string) => text.replaceAll("{token}", token);
	const response = await fetch(url, {
		method: method ?? "POST",
		headers: {
			...Object.fromEntries(
				Object.entries(headers ?? {}).map(([name, text]) => [name, fill(text)]),
			),
			...(json !== undefined && { "content-type": "application/json" }),
		},
		body: form
			? new URLSearchParams(
					Object.entries(form).map(([name, text]): [string, string] => [
						name,
						fill(text),
					]),
				)
			: fill(JSON.stringify(json)),
	});
	const body = await response.text();
	const fits = (statuses: unknown[] | undefined, pattern: string | undefined) =>
		(statuses ?? []).includes(response.status) &&
		new RegExp(pattern ?? "", "u").test(body);
	const { accepted, accepted_body, rejected, rejected_body } = http;
	if (fits(accepted, accepted_body)) return "accepted";
	return fits(rejected, rejected_body) ? "rejected" : "broken";
}

const httpOf = once(({ target }: Preset) => {
	const config = targetSchema.parse(target);
	if (!("http" in config)) throw new Error("expected an HTTP target");
	return config.http;
});

/** What the tool expects of a correct service with this policy. */
export async function expected(
	gitlab: GitLab,
	preset: Preset,
	{ token, claims }: { token: string; claims: Record<string, unknown> },
): Promise<"accepted" | "rejected"> {
	const policy = policyOf(preset);
	const findings = verifyToken(token, {
		issuer: gitlab.issuer,
		audience: preset.audience,
		keys: await publishedBy(gitlab),
		now: gitlab.clock.now(),
		leeway: leewayOf(policy),
	});
	const isFine =
		findings.length === 0 && judgePolicy(claims, policy).length === 0;
	return isFine ? "accepted" : "rejected";
}

const policyOf = once(({ policy: { expression, ...written } }: Preset) => ({
	...policySchema.parse(written),
	expression,
}));

const publishedBy = once(async (gitlab: GitLab): Promise<JsonWebKey[]> => {
	const answer = await fetch(`${gitlab.url}/oauth/discovery/keys`);
	const { keys } = (await answer.json()) as { keys: JsonWebKey[] };
	return keys;
});

/** As jose's users have it: a set of keys, each imported once. */
const keySetOf = once(async (gitlab: GitLab) =>
	createLocalJWKSet({ keys: await publishedBy(gitlab) } as never),
);

/** `make`, asked once of each. */
function once<T extends object, R>(make: (of: T) => R): (of: T) => R {
	const made = new WeakMap<T, R>();
	return (of) => {
		const result = made.get(of) ?? make(of);
		made.set(of, result);
		return result;
	};
}

/** A GitLab whose clock stands still. */
export async function gitlabAt(seconds: number): Promise<GitLab> {
	const gitlab = await startGitLab();
	gitlab.clock.freeze(seconds);
	return gitlab;
}

/** The claims of a token that the issuer signed for these times; throws for any other. */
export function verifierOf(gitlab: GitLab, clockTolerance: number) {
	return async (token: string): Promise<JWTPayload> => {
		const { payload } = await jwtVerify(token, await keySetOf(gitlab), {
			issuer: gitlab.issuer,
			algorithms: ["RS256"],
			clockTolerance,
			currentDate: new Date(gitlab.clock.now() * 1000),
		});
		return payload;
	};
}

export interface Reply {
	status: number;
	body: unknown;
}

/** A server on loopback that answers requests with their path, headers and body. */
export async function serve(
	answer: (request: IncomingMessage, body: string) => Promise<Reply> | Reply,
) {
	const server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on("data", (chunk: Buffer) => chunks.push(chunk));
		request.on("end", async () => {
			const { status, body } = await answer(
				request,
				Buffer.concat(chunks).toString(),
			);
			response.statusCode = status;
			response.end(typeof body === "string" ? body : JSON.stringify(body));
		});
	});
	await new Promise<void>((resolve) =>
		server.listen(0, "127.0.0.1", () => resolve()),
	);
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}`,
		[Symbol.asyncDispose]: async () => {
			server.closeAllConnections();
			server.close();
		},
	};
}
