// The chapter on Vault, command by command, against a login and a command line of the test's own.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { GitLab } from "../../src/index.js";
import { freePort } from "../interop/program.js";
import { serve } from "../presets/service.js";
import { vaultServer } from "../presets/vault-server.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const page = readFileSync(join(ROOT, "docs/policies.md"), "utf8");
const [, chapter = ""] =
	/^## HashiCorp Vault and OpenBao\n(.*)/ms.exec(page) ?? [];
const commands = [...chapter.matchAll(/^```console\n(.*?)^```$/gms)].flatMap(
	([, block = ""]) => block.split(/^\$ /m).slice(1),
);

/** What `vault` is told, as its command line says it to the server. */
function vaultCommands(ask: string) {
	const kept = new Map<string, string>();
	const roles: Record<string, Record<string, unknown>> = {};
	async function run(args: string[], stdin: string): Promise<string> {
		const [what = "", place = ""] = args[0] === "write" ? args : args.slice(1);
		const values = new Map(
			args.slice(1).flatMap((arg) => {
				const [, name, value] = /^(\w+)=(.*)$/s.exec(arg) ?? [];
				return name === undefined ? [] : [[name, value ?? ""]];
			}),
		);
		const path = args.find((arg) => /^(auth|secret)\//.test(arg)) ?? place;
		const role = /^auth\/jwt\/role\/(.+)$/.exec(path)?.[1];
		if (args[0] === "status") return "Sealed false\n";
		if (args[0] === "kv") {
			kept.set(path, JSON.stringify([...values]));
			return "";
		}
		if (args[0] === "auth" || args[0] === "policy") return "";
		if (role !== undefined && args[0] === "read")
			return JSON.stringify({ data: roles[role] });
		if (role !== undefined) {
			roles[role] = JSON.parse(stdin);
			return "";
		}
		if (path === "auth/jwt/config") {
			const url = `${values.get("oidc_discovery_url")}/.well-known/openid-configuration`;
			const { issuer } = (await (await fetch(url)).json()) as {
				issuer: string;
			};
			if (issuer !== values.get("bound_issuer")) throw new Error(issuer);
			return "";
		}
		if (path === "auth/jwt/login") {
			const body = JSON.stringify(Object.fromEntries(values));
			const answer = await fetch(`${ask}/v1/auth/jwt/login`, {
				method: "POST",
				body,
			});
			if (!answer.ok) throw new Error(await answer.text());
			const { auth } = (await answer.json()) as {
				auth: { client_token: string };
			};
			return `${auth.client_token}\n`;
		}
		throw new Error(`no such command: ${what} ${args.join(" ")}`);
	}
	return { run, roles };
}

let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "docs-vault-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("each command does what it says", { timeout: 60_000 }, async () => {
	const port = await freePort();
	const url = `http://127.0.0.1:${port}`;
	const gitlab = { url, issuer: url, clock: { now: () => Date.now() / 1000 } };
	const roles: Record<string, Record<string, unknown>> = {};
	await using server = await vaultServer(gitlab as GitLab, {
		...{ roles, token: "root" },
	});
	const vault = vaultCommands(server.url);
	await using shell = await serve(async (_request, body) => {
		const told = body
			.split("\n")
			.map((line) => Buffer.from(line, "base64").toString());
		const stdin = told.includes("-") ? (told.pop() ?? "") : "";
		try {
			const stdout = await vault.run(told, stdin);
			Object.assign(roles, vault.roles);
			return { status: 200, body: stdout };
		} catch (error) {
			return { status: 400, body: String(error) };
		}
	});
	const program = async (name: string, source: string) => {
		await writeFile(join(folder, name), source);
		await chmod(join(folder, name), 0o755);
	};
	await program(
		"gitlab-oidc-mock",
		`#!/bin/sh\nexec "${process.execPath}" "${join(ROOT, "dist/cli/main.js")}" "$@"\n`,
	);
	// What it is told, each on a line in base64 and the standard input last; a process of Node's for each would take longer.
	await program(
		"vault",
		`#!/usr/bin/env bash
[ "$1" != server ] || exec sleep 600
exec 3<> /dev/tcp/127.0.0.1/${new URL(shell.url).port}
asked=$(for arg; do printf %s "$arg" | base64 -w 0; echo; done; [[ " $* " != *" - "* ]] || base64 -w 0)
printf 'POST / HTTP/1.1\\r\\nHost: vault\\r\\nConnection: close\\r\\nContent-Length: %d\\r\\n\\r\\n%s' \${#asked} "$asked" >&3
read -r _ status _ <&3
while read -r line <&3 && [ "$line" != $'\\r' ]; do :; done
cat <&3
[ "$status" = 200 ] || exit 2
`,
	);
	const vaultPort = new URL(server.url).port;
	const script = commands
		.map((command, index) => {
			const here = command
				.replaceAll(":8080", `:${port}`)
				.replaceAll(":8200", `:${vaultPort}`)
				.replace(/^(gitlab-oidc-mock check .*)$/m, "$1 --only project,ref");
			return `{ ${here.trimEnd()}\n} >>output 2>&1; echo ${index} $? >>codes`;
		})
		.join("\n");
	const child = spawn(
		"bash",
		["-c", `trap 'kill $(jobs -p)' EXIT\n${script}`],
		{
			cwd: folder,
			stdio: "ignore",
			env: {
				PATH: `${folder}:${process.env.PATH}`,
				GITLAB_OIDC_MOCK_PORT: String(port),
				GITLAB_OIDC_MOCK_SERVER: url,
			},
		},
	);
	await once(child, "close");
	const output = await readFile(join(folder, "output"), "utf8");
	const codes = (await readFile(join(folder, "codes"), "utf8"))
		.trim()
		.split("\n")
		.map((line) => Number(line.split(" ")[1]));
	const said = commands.map((command, index) => [
		command.split("\n")[0],
		codes[index],
	]);
	// "must not" is the only one that fails.
	expect(
		said.filter(([command, code]) =>
			String(command).includes("# must not") ? code === 0 : code !== 0,
		),
		output,
	).toEqual([]);
	expect(commands.filter((one) => one.includes("# must not"))).toHaveLength(1);
	expect(output.match(/NO FINDINGS/g)).toHaveLength(2);
});
