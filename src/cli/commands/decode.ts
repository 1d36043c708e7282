// decode: a token's header and claims, and which rules it breaks for an issuer.

import type { JsonWebKey } from "node:crypto";
import { Command, Option } from "commander";
import { MockError } from "../../errors.js";
import { PATHS } from "../../gitlab/discovery.js";
import { printable, safeText } from "../../safe-text.js";
import { parseAnswer } from "../../server-client.js";
import { readTextFile } from "../../text-file.js";
import { type ParsedToken, parseToken } from "../../token/parse.js";
import { RULES } from "../../token/rules.js";
import type { Finding } from "../../token/verify.js";
import { ask, askWithTime } from "../ask.js";
import { readInput } from "../input.js";
import { EXIT, type Io, painter, writeJson } from "../io.js";
import {
	issuerOption,
	jsonOption,
	LOCAL_SERVERS,
	serverOption,
} from "../options.js";

interface DecodeOptions {
	server?: string;
	issuer?: string;
	jwks?: string;
	aud?: string;
	leeway: string;
	json?: boolean;
}

export function decodeCommand(io: Io, exit: (code: number) => void): Command {
	return new Command("decode")
		.description(
			"print a token's header and claims, and which rules it breaks; exit code 1 if it breaks any",
		)
		.argument(
			"[token]",
			"the token; without it, or with -, read from standard input, which no process list shows",
		)
		.addOption(
			new Option(
				"--aud <audience>",
				"the service that judges it (default: any)",
			),
		)
		.addOption(
			new Option("--leeway <seconds>", "by how much clocks may differ").default(
				"0",
			),
		)
		.addOption(issuerOption())
		.addOption(
			new Option(
				"--jwks <file>",
				"judge by the public keys in this file, with --issuer, instead of a server's",
			),
		)
		.addOption(serverOption())
		.addOption(jsonOption())
		.action(async (token: string | undefined, options: DecodeOptions) =>
			exit(await decode(token, options, io)),
		);
}

async function decode(
	given: string | undefined,
	options: DecodeOptions,
	io: Io,
): Promise<number> {
	const leeway = Number(options.leeway);
	if (!(leeway >= 0))
		throw new MockError(
			"invalid_option",
			"--leeway: expected a number of seconds",
		);
	const token =
		given === undefined || given === "-" ? await readInput(io) : given;
	const parsed = parseToken(token);
	const decoded = "fault" in parsed ? undefined : parsed;
	if (!options.json && decoded) printParts(decoded, io);
	const trusted = await trust(options, decoded?.payload.iss);
	const { verifyToken } = await import("../../token/verify.js");
	const findings = verifyToken(token, {
		...trusted,
		audience: options.aud,
		leeway,
	});
	if (options.json) {
		writeJson(io.stdout, {
			header: decoded?.header ?? null,
			claims: decoded?.payload ?? null,
			issuer: trusted.issuer,
			findings,
		});
	} else {
		printFindings(findings, safeText(trusted.issuer, 200), options.aud, io);
	}
	return findings.length > 0 ? EXIT.failed : EXIT.fine;
}

interface Trust {
	/** the issuer's time, in seconds since the epoch */
	now: number;
	issuer: string;
	keys: JsonWebKey[];
}

/**
 * The issuer and its keys: never those that the token itself names, but for the name by which it
 * calls the local server, which gives itself the name that it is called by.
 */
async function trust(
	{ jwks, issuer, server }: DecodeOptions,
	iss: unknown,
): Promise<Trust> {
	if (jwks !== undefined) {
		if (issuer === undefined)
			throw new MockError("invalid_option", "--jwks needs --issuer URL too");
		const text = await readTextFile(jwks);
		return { issuer, keys: keysIn(text, jwks), now: Date.now() / 1000 };
	}
	const base = issuer ?? server ?? LOCAL_SERVERS.find((name) => name === iss);
	const { text, now } = await askWithTime(base, PATHS.discovery);
	const document = (parseAnswer(text, "the discovery document") ??
		{}) as Record<string, unknown>;
	if (
		typeof document.issuer !== "string" ||
		typeof document.jwks_uri !== "string" ||
		!URL.canParse(document.jwks_uri)
	) {
		throw new MockError(
			"invalid_request",
			"the discovery document lacks issuer or jwks_uri",
		);
	}
	const { origin, pathname } = new URL(document.jwks_uri);
	return {
		issuer: document.issuer,
		keys: keysIn(await ask(origin, pathname), document.jwks_uri),
		now,
	};
}

function keysIn(text: string, where: string): JsonWebKey[] {
	const { keys } = (parseAnswer(text, where) ?? {}) as { keys?: unknown };
	if (!Array.isArray(keys))
		throw new MockError(
			"invalid_request",
			`${safeText(where, 200)} is not a JWKS`,
		);
	return keys as JsonWebKey[];
}

function printParts({ header, payload }: ParsedToken, io: Io): void {
	const paint = painter(io.stdout, io.env);
	const times = ["iat", "nbf", "exp"].flatMap((name) => {
		const time = payload[name];
		const date = typeof time === "number" ? new Date(time * 1000) : undefined;
		return date && !Number.isNaN(date.getTime())
			? [`${name} ${date.toISOString()}`]
			: [];
	});
	io.stdout.write(
		`${paint("bold", "header")} ${printable(JSON.stringify(header, null, 2))}\n`,
	);
	io.stdout.write(
		`${paint("bold", "claims")} ${printable(JSON.stringify(payload, null, 2))}\n`,
	);
	if (times.length > 0) io.stdout.write(`${paint("dim", times.join(", "))}\n`);
}

function printFindings(
	findings: readonly Finding[],
	issuer: string,
	aud: string | undefined,
	io: Io,
): void {
	const paint = painter(io.stdout, io.env);
	const unchecked =
		aud === undefined ? " (any audience: name one with --aud)" : "";
	if (findings.length === 0) {
		io.stdout.write(
			`${paint("green", "in order")} for ${issuer}${unchecked}\n`,
		);
		return;
	}
	io.stdout.write(`${paint("red", "breaks")} for ${issuer}${unchecked}\n`);
	for (const { rule, message } of findings) {
		io.stdout.write(
			`  ${paint("bold", rule)}: ${safeText(message, 2000, { keepTokens: true })} (${RULES[rule].spec.join(", ")})\n`,
		);
	}
}
