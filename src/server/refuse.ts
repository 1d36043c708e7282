// Answers what never reaches the application: what Node's parser refuses, and what only a proxy or another server could do.
import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { failureBody } from "./failure.js";
import { MARK } from "./mark.js";
import { observeRefused, type Traffic } from "./traffic/observe.js";
import { REQUEST_ID } from "./traffic/request-id.js";

const GRACE = 500; // milliseconds until the client must have closed

/** Has `server` answer such requests as the application would, and counts and logs them. */
export function refuseOthers(server: Server, traffic: Traffic): void {
	const refuse = (
		socket: Duplex,
		status: string,
		description: string,
		request?: IncomingMessage,
	) => {
		const id = observeRefused(traffic, Number.parseInt(status, 10), request);
		end(socket, status, description, id);
	};
	server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
		if (error.code === "ECONNRESET" || !socket.writable) {
			socket.destroy();
			return;
		}
		const [status, description] = reasonOf(error);
		refuse(socket, status, description);
	});
	server.on("checkExpectation", (request) =>
		refuse(
			request.socket,
			"417 Expectation Failed",
			"this is not expected here: leave the Expect header out",
			request,
		),
	);
	server.on("connect", (request, socket) =>
		refuse(
			socket,
			"405 Method Not Allowed",
			"CONNECT is not possible: this is no proxy",
			request,
		),
	);
}

const reasonOf = ({ code }: NodeJS.ErrnoException): [string, string] =>
	code === "HPE_HEADER_OVERFLOW"
		? [
				"431 Request Header Fields Too Large",
				"the request line and headers are larger than 16 KiB",
			]
		: code === "ERR_HTTP_REQUEST_TIMEOUT"
			? ["408 Request Timeout", "the request did not arrive in time"]
			: ["400 Bad Request", "this is not a well-formed HTTP request"];

/** Answers below the application, and ends the connection. */
function end(
	socket: Duplex,
	status: string,
	description: string,
	id: string,
): void {
	const error = status.startsWith("405")
		? "method_not_allowed"
		: "invalid_request";
	const body = failureBody(error, description);
	const head = [
		`HTTP/1.1 ${status}`,
		"Content-Type: application/json; charset=utf-8",
		`Content-Length: ${Buffer.byteLength(body)}`,
		`${MARK.name}: ${MARK.value}`,
		`${REQUEST_ID}: ${id}`,
		"Connection: close",
	];
	socket.on("error", () => undefined); // nobody else listens any more
	socket.once("finish", () =>
		setTimeout(() => socket.destroy(), GRACE).unref(),
	);
	socket.resume();
	socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}
