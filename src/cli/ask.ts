// Asks the server that a command talks to: the local one unless another is named.
import type { IncomingHttpHeaders } from "node:http";
import { askServer, type ServerQuestion } from "../server-client.js";
import { DEFAULT_SERVER } from "./options.js";

/**
 * Asks for `path`.
 * @param server its URL; default the local one
 * @throws MockError `unreachable`, or what the server answered
 */
export async function ask(
	server: string | undefined,
	path: string,
	question: Omit<ServerQuestion, "path"> = {},
): Promise<string> {
	const url = server ?? DEFAULT_SERVER;
	return (await askServer(url, { ...question, path })).text;
}

/**
 * The same, with the server's time in seconds: a mock's clock may have been moved, and its Date header
 * tells; any other server is taken to have this machine's time.
 */
export async function askWithTime(
	server: string | undefined,
	path: string,
): Promise<{ text: string; now: number }> {
	const answer = await askServer(server ?? DEFAULT_SERVER, { path });
	return { text: answer.text, now: timeOf(answer.headers) };
}

function timeOf(headers: IncomingHttpHeaders): number {
	const machine = Date.now() / 1000;
	const told = Date.parse(headers.date ?? "") / 1000;
	const moved =
		headers["x-mock-oidc"] !== undefined && Math.abs(told - machine) > 2;
	return moved ? told : machine;
}
