// One HTTP exchange by Node's own client: `fetch` takes longer to load than a short command may take.

import {
	type IncomingHttpHeaders,
	type IncomingMessage,
	request,
} from "node:http";
import { inTurn } from "./in-turn.js";

/** What is asked. */
export interface Exchange {
	method: string;
	headers: Record<string, string>;
	body: string | undefined;
	/** milliseconds until the whole answer must be there */
	patience: number;
	/** bytes of an answer's body */
	largest: number;
}

/** What was answered. */
export interface Answer {
	status: number;
	headers: IncomingHttpHeaders;
	text: string;
}

/** There is no answer within the time, or not one of that size. */
export class TooMuch extends Error {
	override name = "TooMuch";
	readonly what: "time" | "size";
	constructor(what: "time" | "size") {
		super(`too much ${what}`);
		this.what = what;
	}
}

const MOST_REDIRECTS = 5;

/** Asks `url`; a GET goes where it is sent on. */
export async function exchange(
	url: URL,
	asked: Exchange,
	redirects = MOST_REDIRECTS,
): Promise<Answer> {
	const signal = AbortSignal.timeout(asked.patience);
	try {
		const response = await send(url, asked, signal);
		const { statusCode: status = 0, headers } = response;
		const text = await textOf(response, asked.largest);
		const sentOn =
			asked.method === "GET" && status >= 300 && status < 400
				? headers.location
				: undefined;
		if (sentOn === undefined || redirects === 0)
			return { status, headers, text };
		const next = new URL(sentOn, url);
		const { Authorization, ...open } = asked.headers; // a secret is for the one that was asked
		const sent = next.origin === url.origin ? asked.headers : open;
		return await exchange(next, { ...asked, headers: sent }, redirects - 1);
	} catch (error) {
		if (signal.aborted) throw new TooMuch("time");
		throw error;
	}
}

async function send(
	url: URL,
	{ method, headers, body = "" }: Exchange,
	signal: AbortSignal,
): Promise<IncomingMessage> {
	const open =
		url.protocol === "https:"
			? (await inTurn(() => import("node:https"))).request
			: request;
	return new Promise((resolve, reject) => {
		open(url, { method, headers, signal })
			.on("response", resolve)
			.on("error", reject)
			.end(body);
	});
}

async function textOf(
	response: IncomingMessage,
	largest: number,
): Promise<string> {
	const parts: Buffer[] = [];
	let size = 0;
	for await (const part of response as AsyncIterable<Buffer>) {
		size += part.length;
		// Leaving the loop ends the connection.
		if (size > largest) throw new TooMuch("size");
		parts.push(part);
	}
	return Buffer.concat(parts).toString("utf8");
}
