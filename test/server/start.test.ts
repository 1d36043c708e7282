// Starting and stopping: addresses, TLS, key files, folders, and an end within a second.
import { X509Certificate } from "node:crypto";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { get as httpsGet } from "node:https";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MockError } from "../../src/errors.js";
import { startServer } from "../../src/server/start.js";
import { startGitLab } from "../../src/server/start-gitlab.js";
import type { StartOptions } from "../../src/server/start-options.js";
import { tlsMaterial } from "../../src/server/tls.js";

let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "start-"));
});
afterAll(() => rm(folder, { recursive: true }));

const fetchJson = async (url: string) =>
	(await (await fetch(url)).json()) as Record<string, unknown>;

describe("refuses with what to do", () => {
	test.for([
		[{ issuer: "gitlab.example.com" }, "invalid_option", "such as https://"],
		[
			{ issuer: "https://gitlab.example.com/" },
			"invalid_option",
			"without a slash",
		],
		[{ issuer: "ftp://x" }, "invalid_option", "no issuer"],
		[{ issuer: "https://a@b" }, "invalid_option", "no issuer"],
		[{ issuer: "https://b?c" }, "invalid_option", "no issuer"],
		[{ gitlabVersion: "8.0" }, "invalid_option", "14.7 or newer"],
		[{ scenarios: ["/does/not/exist"] }, "invalid_option", "/does/not/exist"],
		[{ host: "203.0.113.7" }, "invalid_option", "203.0.113.7"],
		[{ replica: true }, "invalid_option", "--keys FILE"],
		[
			{ replica: true, keys: "/none", config: "/none" },
			"invalid_option",
			"no instances beside the root",
		],
		[{ tls: { cert: "x" } }, "invalid_option", "go together"],
		[{ tls: { cert: "/none", key: "/none" } }, "file", "/none"],
		[{ tls: { caFile: "/does/not/exist/ca.pem" } }, "file", "cannot write"],
	] satisfies [StartOptions, string, string][])(
		"%j",
		async ([options, code, message]) => {
			const error = await startServer(options).then(
				(server) => server.close(),
				(thrown: unknown) => thrown,
			);
			expect(error).toBeInstanceOf(MockError);
			expect(error).toMatchObject({ code });
			expect((error as MockError).message).toContain(message);
		},
	);

	test("a replica does not make the keys that the others have", async () => {
		const keys = join(folder, "missing.json");
		await expect(startGitLab({ replica: true, keys })).rejects.toMatchObject({
			code: "file",
			message: expect.stringContaining("cannot read"),
		});
		await expect(stat(keys)).rejects.toThrow("ENOENT");
	});

	test("a taken port", async () => {
		const first = await startServer();
		const port = Number(new URL(first.url).port);
		await expect(startServer({ port })).rejects.toMatchObject({
			code: "address_in_use",
			message: expect.stringContaining(`port ${port} on 127.0.0.1 is taken`),
		});
		await first.close();
	});

	test("a damaged key file, and nothing listens on", async () => {
		const keys = join(folder, "damaged.json");
		await writeFile(keys, "{", { mode: 0o600 });
		await expect(startGitLab({ keys })).rejects.toMatchObject({
			code: "invalid_keys",
		});
	});
});

test("keeps its keys in a file that only the owner may read", async () => {
	const keys = join(folder, "keys.json");
	const kids = [];
	for (let start = 0; start < 2; start++) {
		await using gitlab = await startGitLab({ keys });
		kids.push(gitlab.keys.ci.kid);
	}
	expect(kids[0]).toBe(kids[1]);
	expect((await stat(keys)).mode & 0o777).toBe(0o600);
});

test("listens on loopback, and calls itself what it is called", async () => {
	await using gitlab = await startGitLab();
	expect(new URL(gitlab.url).hostname).toBe("127.0.0.1");
	const called = gitlab.url.replace("127.0.0.1", "localhost");
	const document = await fetchJson(
		`${called}/.well-known/openid-configuration`,
	);
	expect(document.issuer).toBe(called);
});

describe("TLS", () => {
	const getOver = (url: string, ca: string, servername?: string) =>
		new Promise<string>((resolve, reject) => {
			httpsGet(url, { ca, ...(servername && { servername }) }, (response) => {
				let text = "";
				response.on("data", (chunk) => {
					text += chunk;
				});
				response.on("end", () => resolve(text));
			}).on("error", reject);
		});

	test("is served beside http, by a certificate of the CA that it hands out", async () => {
		const caFile = join(folder, "ca.pem");
		await using gitlab = await startGitLab({ tls: { caFile } });
		const ca = await (await fetch(`${gitlab.url}/_mock/ca.pem`)).text();
		expect(ca).toBe(gitlab.ca);
		expect(await readFile(caFile, "utf8")).toBe(ca);
		expect(gitlab.issuer).toMatch(/^https:/);
		for (const name of ["127.0.0.1", "localhost"]) {
			const issuer = gitlab.issuer.replace("127.0.0.1", name);
			const text = await getOver(
				`${issuer}/.well-known/openid-configuration`,
				ca,
			);
			expect(JSON.parse(text).issuer).toBe(issuer);
		}
		await expect(
			getOver(`${gitlab.issuer}/`, ca, "other.example"),
		).rejects.toMatchObject({ code: "ERR_TLS_CERT_ALTNAME_INVALID" });
	});

	test("is for the issuer's host, whatever else it is for", async () => {
		const issuer = "https://gitlab.example.com:8443/gitlab";
		const tls = { names: ["other"] };
		const server = await startServer({ issuer, tls });
		const ca = server.registry.root.settings.ca ?? "";
		const ask = (name: string) =>
			getOver(`${server.tlsUrl}/_mock/health`, ca, name);
		expect(await ask("gitlab.example.com")).toContain('"issuer"');
		expect(await ask("other")).toContain('"issuer"');
		await expect(ask("localhost")).rejects.toMatchObject({
			code: "ERR_TLS_CERT_ALTNAME_INVALID",
		});
		await server.close();
		for (const [url, name] of [
			["https://[fd00::1]", "fd00::1"],
			["http://10.0.0.7:80", "10.0.0.7"],
		] as const) {
			const { cert } = await tlsMaterial({}, url);
			expect(new X509Certificate(cert).checkIP(name)).toBe(name);
			expect(new X509Certificate(cert).checkHost("localhost")).toBe(
				"localhost",
			);
		}
	});

	test("is for the names that it is given", async () => {
		await using gitlab = await startGitLab({ tls: { names: ["gitlab"] } });
		const ca = gitlab.ca ?? "";
		const { port } = new URL(gitlab.issuer);
		const ask = (servername: string) =>
			getOver(`https://localhost:${port}/_mock/health`, ca, servername);
		expect(JSON.parse(await ask("gitlab")).status).toBe("ok");
		await expect(ask("localhost")).rejects.toThrow();
	});

	test("takes a certificate of one's own", async () => {
		const { makeCertificate } = await import("../../src/server/certificate.js");
		const own = await makeCertificate(["127.0.0.1"]);
		const [cert, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
		await writeFile(cert, own.cert);
		await writeFile(key, own.key);
		await using gitlab = await startGitLab({ tls: { cert, key } });
		const text = await getOver(`${gitlab.issuer}/_mock/health`, own.ca);
		expect(JSON.parse(text).status).toBe("ok");
		expect(gitlab.ca).toBeUndefined();
	});
});

test("stops within a second, with connections open", async () => {
	const gitlab = await startGitLab();
	const { hostname, port } = new URL(gitlab.url);
	const sockets = [
		"",
		"GET / HTTP/1.1\r\nHost:",
		"POST /_mock/token HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{",
	].map((bytes) => {
		const socket = connect(Number(port), hostname, () => socket.write(bytes));
		return new Promise<void>((resolve) => {
			socket.on("error", () => {});
			socket.on("close", () => resolve());
		});
	});
	await fetch(`${gitlab.url}/_mock/health`);
	const begun = performance.now();
	await gitlab.close();
	expect(performance.now() - begun).toBeLessThan(1000);
	await Promise.all(sockets);
	await expect(fetch(gitlab.url)).rejects.toThrow();
});
