// A relying party over HTTP for the tests: it notes what it is asked and answers as it is told.
import { once } from "node:events";
import {
	createServer,
	type IncomingHttpHeaders,
	type RequestListener,
	type ServerOptions,
	type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** A request that it got. */
export interface Asked {
	method: string;
	url: string;
	headers: IncomingHttpHeaders;
	body: string;
}

/** Starts one on a free port; it ends with the test. */
export async function startListener(
	listener: RequestListener,
	options: ServerOptions = {},
) {
	const server = createServer(options, listener).listen(0, "127.0.0.1");
	await once(server, "listening");
	onTestFinished(async () => {
		server.closeAllConnections();
		server.close();
		await once(server, "close");
	});
	return { server, port: (server.address() as AddressInfo).port };
}

/** Starts one that reads each request before it answers. */
export async function startServer(
	answer: (response: ServerResponse, asked: Asked) => unknown = (response) =>
		response.end(),
	options: ServerOptions = {},
) {
	const asked: Asked[] = [];
	const { server, port } = await startListener(async (request, response) => {
		const chunks = await request.toArray();
		const entry = {
			method: String(request.method),
			url: String(request.url),
			headers: request.headers,
			body: Buffer.concat(chunks).toString(),
		};
		asked.push(entry);
		answer(response, entry);
	}, options);
	return { server, port, asked };
}
