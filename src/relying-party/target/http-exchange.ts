// One request and its answer: never a redirect, never longer than it may take, never more than a part of the body.
import { type Agent, type IncomingMessage, request as plain } from "node:http";
import { request as encrypted } from "node:https";
import type { SecureContext } from "node:tls";
import { messageOf } from "../../errors.js";
import { isRefusalBySize } from "./http-judge.js";
import type { HttpMessage } from "./http-message.js";

/** How much of a body is read, bytes. */
const LONGEST_BODY = 65_536;

const LARGEST_HEADERS = 65_536; // bytes, of an answer

/** What came back. */
export interface HttpAnswer {
	status: number;
	statusText: string;
	location: string | undefined;
	/** names and values, a line each */
	headers: string;
	/** its first 64 KiB */
	body: string;
}

/** That nothing did, or not all of it. */
export interface HttpFailure {
	failure: string;
	outcome: "broken" | "hung" | "crashed";
	/** a connection that lay idle broke before anything came: its end may have crossed the request */
	stale: boolean;
}

export interface ExchangeOptions {
	/** false: a connection for this request alone */
	agent: Agent | false;
	/** seconds from the moment that there is a connection or an attempt at one */
	timeout: number;
	/** whom to trust, where it is not the default */
	secureContext: SecureContext | undefined;
}

/** Sends `message` and waits for the answer. */
export function exchange(
	{ url, method, headers, body }: HttpMessage,
	{ agent, timeout, secureContext }: ExchangeOptions,
): Promise<HttpAnswer | HttpFailure> {
	return new Promise((resolve) => {
		const request = (url.protocol === "https:" ? encrypted : plain)(url, {
			agent,
			headers,
			method,
			maxHeaderSize: LARGEST_HEADERS,
			...(secureContext && { secureContext }),
		});
		let timer: NodeJS.Timeout | undefined;
		const settle = (result: HttpAnswer | HttpFailure) => {
			clearTimeout(timer);
			resolve(result);
		};
		const fail = (
			failure: string,
			outcome: HttpFailure["outcome"],
			stale = false,
		) => {
			settle({ failure, outcome, stale });
			request.destroy();
		};
		// Here and not before: a request that waits for a free connection has not begun.
		request.once("socket", () => {
			const late = () => fail(`no whole answer within ${timeout} s`, "hung");
			timer = setTimeout(late, timeout * 1000);
		});
		let hasAnswer = false;
		request.on("error", (error: NodeJS.ErrnoException) => {
			// From then on its body says how it ends. Node 24 tells here, Node 20 nowhere, that the server reset the
			// connection behind a whole answer, as who refuses a request by its size does.
			if (hasAnswer) return;
			const isReset = error.code === "ECONNRESET" || error.code === "EPIPE";
			fail(
				failureText(error),
				outcomeOf(error),
				isReset && request.reusedSocket,
			);
		});
		request.once("response", (response) => {
			hasAnswer = true;
			const read = readBody(response);
			read.then(
				({ text, isCut }) => {
					settle(answerOf(response, text));
					if (isCut) request.destroy();
				},
				(error) => {
					// Who refuses a request by its size often closes before it has read it.
					if (isRefusalBySize(response.statusCode ?? 0)) {
						settle(answerOf(response, ""));
					} else {
						fail(
							`the answer broke off: ${failureText(error)}`,
							outcomeOf(error),
						);
					}
				},
			);
		});
		request.end(body);
	});
}

const answerOf = (response: IncomingMessage, body: string): HttpAnswer => ({
	status: response.statusCode ?? 0,
	statusText: response.statusMessage ?? "",
	location: response.headers.location,
	headers: response.rawHeaders.join("\n"),
	body,
});

function readBody(
	response: IncomingMessage,
): Promise<{ text: string; isCut: boolean }> {
	return new Promise((resolve, reject) => {
		const chunks: Buffer[] = [];
		let size = 0;
		const done = (isCut: boolean) => {
			const bytes = Buffer.concat(chunks).subarray(0, LONGEST_BODY);
			resolve({ text: bytes.toString("utf8"), isCut });
		};
		response.on("data", (chunk: Buffer) => {
			if (size >= LONGEST_BODY) return;
			chunks.push(chunk);
			size += chunk.length;
			if (size >= LONGEST_BODY) done(true);
		});
		response.once("end", () => done(false));
		response.on("error", reject);
	});
}

/** The connection ended, it was given up, or what came on it is no HTTP. */
function outcomeOf(error: NodeJS.ErrnoException): HttpFailure["outcome"] {
	const code = causeOf(error).code ?? "";
	if (code === "ETIMEDOUT") return "hung";
	return /^(ECONNRESET|ECONNREFUSED|ECONNABORTED|EPIPE)$/.test(code)
		? "crashed"
		: "broken";
}

/** Node wraps what happened at each address of a name, and says nothing itself. */
const causeOf = (error: NodeJS.ErrnoException): NodeJS.ErrnoException =>
	(error instanceof AggregateError ? error.errors[0] : undefined) ?? error;

const failureText = (error: NodeJS.ErrnoException): string =>
	messageOf(causeOf(error));
