// Asks a running server of this kind over HTTP, with errors that say what to do.
import { MockError, messageOf } from "./errors.js";

const LARGEST = 8 * 1024 * 1024; // characters of an answer

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
	headers: Headers;
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
	let response: Response;
	let text: string;
	try {
		response = await fetch(base + path, {
			method,
			headers: {
				...(body && { "Content-Type": "application/json" }),
				...(controlToken && { Authorization: `Bearer ${controlToken}` }),
			},
			body: body ? JSON.stringify(body) : null,
			signal: AbortSignal.timeout(1000 * patience),
		});
		text = await response.text();
	} catch (error) {
		throw new MockError(
			"unreachable",
			`no answer from ${base}: ${reasonOf(error, patience)}; start a server with: gitlab-oidc-mock serve`,
			{ cause: error },
		);
	}
	if (text.length > LARGEST) {
		throw new MockError(
			"unreachable",
			`${base}${path} answered more than 8 MiB`,
		);
	}
	if (response.ok) return { text, headers: response.headers };
	const { error, error_description } = described(text);
	throw new MockError(
		error === "not_applicable" ? error : "invalid_request",
		typeof error_description === "string"
			? error_description
			: `${base} answered ${path} with status ${response.status}`,
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

function reasonOf(error: unknown, patience: number): string {
	const cause = error instanceof Error ? error.cause : undefined;
	const code = (cause as { code?: string } | undefined)?.code;
	if (code === "ECONNREFUSED") return "nothing listens there";
	if (error instanceof Error && error.name === "TimeoutError")
		return `it took longer than ${patience} seconds`;
	return messageOf(cause ?? error) || "the connection failed";
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
