// Sockets: listening, and stopping within a second.
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type Koa from "koa";
import { MockError, messageOf } from "../errors.js";
import { refuseOthers } from "./refuse.js";
import type { Traffic } from "./traffic/observe.js";

/** A server that listens. */
export interface Listening {
	/** such as `http://127.0.0.1:8080` */
	url: string;
	close(): Promise<void>;
}

const ANY: Record<string, string> = { "0.0.0.0": "127.0.0.1", "::": "::1" };

const GRACE = 500; // milliseconds that open requests have to finish

/**
 * Listens on `host` and `port` (0: any free one), with TLS if there is a certificate.
 * @throws MockError `address_in_use` or `invalid_option` where that address cannot be had
 */
export async function listen(
	app: Koa,
	host: string,
	port: number,
	traffic: Traffic,
	tls?: { cert: string; key: string },
): Promise<Listening> {
	// The application refuses what has no Host: in its own words, not in Node's.
	const options = { requireHostHeader: false };
	const server: Server = tls
		? createTlsServer({ ...options, ...tls }, app.callback())
		: createServer(options, app.callback());
	refuseOthers(server, traffic);
	// Node's own list has no connections that are not HTTP yet, or not any more.
	const open = new Set<Socket>();
	server.on("connection", (socket: Socket) => {
		open.add(socket);
		socket.once("close", () => open.delete(socket));
	});
	server.listen(port, host);
	try {
		await once(server, "listening");
	} catch (error) {
		throw listenError(error as NodeJS.ErrnoException, host, port);
	}
	const { address, family, port: taken } = server.address() as AddressInfo;
	const called = ANY[address] ?? address; // one does not call the address for all
	const name = family === "IPv6" ? `[${called}]` : called;
	return {
		url: `${tls ? "https" : "http"}://${name}:${taken}`,
		close: () => stop(server, open),
	};
}

async function stop(server: Server, open: ReadonlySet<Socket>): Promise<void> {
	const closed = once(server, "close");
	server.close();
	server.closeIdleConnections();
	const timer = setTimeout(() => {
		server.closeAllConnections();
		for (const socket of open) socket.destroy();
	}, GRACE);
	await closed;
	clearTimeout(timer);
}

function listenError(
	error: NodeJS.ErrnoException,
	host: string,
	port: number,
): MockError {
	if (error.code === "EADDRINUSE") {
		return new MockError(
			"address_in_use",
			`port ${port} on ${host} is taken; choose another with --port, or --port 0 for any free one`,
			{ cause: error },
		);
	}
	return new MockError(
		"invalid_option",
		`cannot listen on ${host}, port ${port}: ${messageOf(error)}`,
		{ cause: error },
	);
}
