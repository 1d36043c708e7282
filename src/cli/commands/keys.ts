// keys: the public keys of an instance, or a new private set.

import type { JsonWebKey } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Command, Option } from "commander";
import { MockError, messageOf } from "../../errors.js";
import { PATHS } from "../../gitlab/discovery.js";
import { safeText } from "../../safe-text.js";
import { parseAnswer } from "../../server-client.js";
import { ask } from "../ask.js";
import { EXIT, type Io, writeJson } from "../io.js";
import { jsonOption, keysOption, serverOption } from "../options.js";

interface KeysOptions {
	new?: string;
	keys?: string;
	server?: string;
	pem?: boolean;
	kid?: string;
	out?: string;
}

export function keysCommand(io: Io, exit: (code: number) => void): Command {
	return new Command("keys")
		.description(
			"print an instance's public keys: the one for sign-ins, then the one for CI/CD ID tokens",
		)
		.addOption(
			new Option(
				"--pem",
				"as PEM instead of JWKS, for verifiers that take no JWKS",
			),
		)
		.addOption(
			new Option("--kid <kid>", "only this key; ci or sign-in names one too"),
		)
		.addOption(
			new Option("--out <dir>", "with --pem: write each to DIR/KID.pem"),
		)
		.addOption(
			new Option(
				"--new <file>",
				"make a private set for serve --keys and token --keys",
			),
		)
		.addOption(jsonOption().hideHelp())
		.addOption(serverOption())
		.addOption(keysOption())
		.action(async (options: KeysOptions) => exit(await keys(options, io)));
}

type PublishedKey = object & { kid: string };

async function keys(options: KeysOptions, io: Io): Promise<number> {
	if (options.new !== undefined) return makeKeys(options.new, io);
	const published = chosen(await publishedKeys(options), options.kid);
	if (!options.pem) {
		if (options.out !== undefined)
			throw new MockError("invalid_option", "--out goes with --pem");
		writeJson(io.stdout, { keys: published });
		return EXIT.fine;
	}
	for (const key of published) {
		const pem = await pemOf(key);
		if (options.out === undefined) {
			io.stdout.write(pem);
			continue;
		}
		if (!/^[\w-]{1,200}$/.test(key.kid))
			throw new MockError(
				"invalid_request",
				"a kid of this server is not fit for a file name",
			);
		const file = join(options.out, `${key.kid}.pem`);
		try {
			await mkdir(options.out, { recursive: true });
			await writeFile(file, pem);
		} catch (error) {
			throw new MockError("file", `cannot write ${file}: ${messageOf(error)}`, {
				cause: error,
			});
		}
		io.stdout.write(`${file}\n`);
	}
	return EXIT.fine;
}

async function makeKeys(file: string, io: Io): Promise<number> {
	const { generateKeySet } = await import("../../token/keys.js");
	const { writeKeyFile } = await import("../../token/key-file.js");
	await writeKeyFile(file, await generateKeySet());
	io.stderr.write(
		`made ${file}: private keys for tests, readable by you alone\n`,
	);
	return EXIT.fine;
}

async function publishedKeys(options: KeysOptions): Promise<PublishedKey[]> {
	if (options.keys !== undefined) {
		const { readKeyFile } = await import("../../token/key-file.js");
		const { publicKeys } = await import("../../token/keys.js");
		return publicKeys(await readKeyFile(options.keys)).keys;
	}
	const { keys } = parseAnswer(
		await ask(options.server, PATHS.keys),
		"the key set",
	) as { keys?: unknown };
	if (!Array.isArray(keys))
		throw new MockError("invalid_request", "the server's answer is not a JWKS");
	return keys as PublishedKey[];
}

/** GitLab publishes the key for sign-ins first and then the one for CI/CD ID tokens. */
function chosen(
	keys: readonly PublishedKey[],
	name: string | undefined,
): readonly PublishedKey[] {
	if (name === undefined) return keys;
	const byUse = { "sign-in": keys[0], ci: keys[1] }[name];
	const key = byUse ?? keys.find(({ kid }) => kid === name);
	if (!key) {
		throw new MockError(
			"not_found",
			`there is no key ${name.slice(0, 80)}; there are ci, sign-in, ${keys.map(({ kid }) => safeText(String(kid), 80)).join(", ")}`,
		);
	}
	return [key];
}

async function pemOf(key: PublishedKey): Promise<string> {
	const { createPublicKey } = await import("node:crypto");
	try {
		return createPublicKey({ key: key as JsonWebKey, format: "jwk" })
			.export({ type: "spki", format: "pem" })
			.toString();
	} catch (error) {
		throw new MockError(
			"invalid_request",
			`key ${safeText(String(key.kid), 80)} is not a public key: ${safeText(messageOf(error), 200)}`,
			{ cause: error },
		);
	}
}
