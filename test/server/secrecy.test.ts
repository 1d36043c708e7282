// Private keys never leave the process: every response and every line is read for their members.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startServer } from "../../src/server/start.js";
import { type SigningKey, unpublishedKey } from "../../src/token/keys.js";

const MEMBERS = ["d", "p", "q", "dp", "dq", "qi"] as const;

test("no private member is in any response or line", async () => {
	const folder = await mkdtemp(join(tmpdir(), "secrecy-"));
	const file = join(folder, "keys.json");
	const said: string[] = [];
	const server = await startServer({
		keys: file,
		tls: {},
		report: (line) => said.push(line),
	});
	try {
		await server.ready;
		const { signIn, ci } = await server.registry.root.keys.current();
		const paths = [
			"/.well-known/openid-configuration",
			"/.well-known/oauth-authorization-server",
			"/oauth/discovery/keys",
			"/.well-known/webfinger?resource=a",
			"/_mock/keys",
			`/_mock/keys/${ci.kid}.pem`,
			`/_mock/keys/${signIn.kid}.pem`,
			"/_mock/ca.pem",
			"/_mock/scenarios",
			"/_mock/health",
			"/_mock/token/unknown-kid",
			"/_mock/token/hs256-public-key",
			"/_mock/token/nope",
			"/_mock/token/baseline?set=keys=1",
			"/nowhere",
		];
		for (const path of paths) {
			const response = await fetch(server.url + path);
			said.push(await response.text(), JSON.stringify([...response.headers]));
		}
		const everything = said.join("\n");
		const secretsOf = ({ privateKey }: SigningKey) => {
			const jwk = privateKey.export({ format: "jwk" });
			return MEMBERS.map((member) => String(jwk[member]));
		};
		const own = [signIn, ci].flatMap(secretsOf);
		const secrets = [...own, ...secretsOf(await unpublishedKey())];
		// The search itself is shown to find what is there: the file holds them.
		const kept = await readFile(file, "utf8");
		expect(own.filter((secret) => kept.includes(secret))).toHaveLength(12);
		expect(secrets.filter((secret) => everything.includes(secret))).toEqual([]);
		expect(everything).not.toContain("PRIVATE KEY");
	} finally {
		await server.close();
		await rm(folder, { recursive: true });
	}
});
