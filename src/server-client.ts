// Asks a running server of this kind over HTTP, with errors that say what to do.

import type { IncomingHttpHeaders } from "node:http";
import { MockError, messageOf } from "./errors.js";
import type { Answer } from "./http-exchange.js";
import { inTurn } from "./in-turn.js";
import { safeText } from "./safe-text.js";

const LARGEST = 8 * 1024 * 1024; // bytes of an answer
const LONGEST_MESSAGE = 4000; // characters that are told of what a server says

export interface ServerQuestion {
	/** below the server's URL */
	path: string;
	method?: string | undefined;
	/** sent as JSON */
	body?: object | undefined;
	/** what it asks for where something is changed */
	controlToken?: string | undefined;
	/** seconds for the answer; default 10 */
	patience?: number | undefined;
}

/** What it answered, where it did so well. */
export interface ServerAnswer {
	text: string;
	headers: IncomingHttpHeaders;
}

/**
 * Asks the server at `url`.
 * @throws MockError `unreachable`, or `invalid_request` or `not_applicable` with what the server says of the mistake
 */
export async function askServer(
	url: string,
	{ path, method = "GET", body, controlToken, patience = 10 }: ServerQuestion,
): Promise<ServerAnswer> {
	const base = url.replace(/\/$/, "");
	if (!URL.canParse(base + path)) {
		throw new MockError(
			"invalid_option",
			`"${base}" is not the URL of a server`,
		);
	}
	// Most commands have failed or are done by now where they need no server.
	const { exchange, TooMuch } = await inTurn(
		() => import("./http-exchange.js"),
	);
	let answer: Answer;
	try {
		answer = await exchange(new URL(base + path), {
			method,
			headers: {
				...(body && { "Content-Type": "application/json" }),
				...(controlToken && { Authorization: `Bearer ${controlToken}` }),
			},
			body: body && JSON.stringify(body),
			patience: 1000 * patience,
			largest: LARGEST,
		});
	} catch (error) {
		throw new MockError(
			"unreachable",
			error instanceof TooMuch && error.what === "size"
				? `${base}${path} answered more than 8 MiB`
				: `no answer from ${base}: ${error instanceof TooMuch ? `it took longer than ${patience} seconds` : reasonOf(error)}; start a server with: gitlab-oidc-mock serve`,
			{ cause: error },
		);
	}
	const { status, headers, text } = answer;
	if (status >= 200 && status < 300) return { text, headers };
	const { error, error_description } = described(text);
	throw new MockError(
		error === "not_applicable" ? error : "invalid_request",
		typeof error_description === "string"
			? safeText(error_description, LONGEST_MESSAGE, { keepTokens: true })
			: `${base} answered ${path} with status ${status}`,
	);
}

/** What an answer of this mock's says of an error. */
function described(text: string): {
	error?: unknown;
	error_description?: unknown;
} {
	try {
		return JSON.parse(text) ?? {};
	} catch {
		return {};
	}
}

function reasonOf(error: unknown): string {
	// Where a name has several addresses, each has its own.
	const [first = error] = error instanceof AggregateError ? error.errors : [];
	const { code } = first as { code?: string };
	if (code === "ECONNREFUSED") return "nothing listens there";
	return safeText(messageOf(first), LONGEST_MESSAGE) || "the connection failed";
}

/**
 * Reads JSON that a server sent.
 * @throws MockError `unreachable`
 */
export function parseAnswer(text: string, what: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		throw new MockError("unreachable", `${what} is not JSON`);
	}
}
