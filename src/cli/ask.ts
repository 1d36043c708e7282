// Asks a running server, with errors that say what to do.
import { MockError, messageOf } from "../errors.js";
import { DEFAULT_SERVER } from "./options.js";

const PATIENCE = 10_000; // milliseconds
const LARGEST = 8 * 1024 * 1024; // bytes of an answer

/**
 * Fetches `path` of the server.
 * @param server its URL; default the local one
 * @throws MockError `unreachable`, or what the server answered
 */
export async function ask(
	server: string | undefined,
	path: string,
	init: RequestInit = {},
): Promise<string> {
	return (await askWithTime(server, path, init)).text;
}

/**
 * The same, with the server's time in seconds: a mock's clock may have been moved, and its Date header
 * tells; any other server is taken to have this machine's time.
 */
export async function askWithTime(
	server: string | undefined,
	path: string,
	init: RequestInit = {},
): Promise<{ text: string; now: number }> {
	const base = (server ?? DEFAULT_SERVER).replace(/\/$/, "");
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
			...init,
			signal: AbortSignal.timeout(PATIENCE),
		});
		text = await response.text();
	} catch (error) {
		throw new MockError(
			"unreachable",
			`no answer from ${base}: ${reason(error)}; start a server with: gitlab-oidc-mock serve`,
			{ cause: error },
		);
	}
	if (text.length > LARGEST)
		throw new MockError(
			"unreachable",
			`${base}${path} answered more than 8 MiB`,
		);
	if (response.ok) return { text, now: timeOf(response) };
	throw new MockError(
		"invalid_request",
		described(text) ??
			`${base} answered ${path} with status ${response.status}`,
	);
}

function timeOf({ headers }: Response): number {
	const machine = Date.now() / 1000;
	const told = Date.parse(headers.get("date") ?? "") / 1000;
	const moved = headers.has("x-mock-oidc") && Math.abs(told - machine) > 2;
	return moved ? told : machine;
}

/** The `error_description` of an answer of this mock's. */
function described(text: string): string | undefined {
	try {
		const { error_description } = JSON.parse(text) as {
			error_description?: unknown;
		};
		return typeof error_description === "string"
			? error_description
			: undefined;
	} catch {
		return undefined;
	}
}

function reason(error: unknown): string {
	const cause = error instanceof Error ? error.cause : undefined;
	const code = (cause as { code?: string } | undefined)?.code;
	if (code === "ECONNREFUSED") return "nothing listens there";
	if (error instanceof Error && error.name === "TimeoutError")
		return "it took longer than 10 seconds";
	return messageOf(cause ?? error) || "the connection failed";
}

/** Reads JSON that a server sent. */
export function parseAnswer(text: string, what: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		throw new MockError("unreachable", `${what} is not JSON`);
	}
}
