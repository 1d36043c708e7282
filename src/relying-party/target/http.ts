// A relying party that is asked over HTTP.
import { Agent as PlainAgent, STATUS_CODES } from "node:http";
import { Agent as EncryptedAgent } from "node:https";
import { createSecureContext, rootCertificates } from "node:tls";
import { safeText } from "../../safe-text.js";
import type { Answer } from "../../verdict/answer.js";
import type { HttpTargetConfig } from "./config.js";
import { detailOf, echoOf, secondsSince } from "./detail.js";
import { exchange, type HttpAnswer } from "./http-exchange.js";
import { httpJudge } from "./http-judge.js";
import { messageWriter } from "./http-message.js";
import type { Presentation, PresentOptions, Target } from "./target.js";

const CONNECTIONS = 200;
const LONGEST_DESCRIPTION = 200; // characters

export interface HttpTargetOptions {
	/** what `{port}` stands for */
	port?: number | undefined;
	/** seconds for one answer */
	timeout: number;
	/** at most so many at a time; default 200 */
	connections?: number | undefined;
	/** an authority to trust beside the ones that Node has, PEM */
	ca?: string | undefined;
}

/**
 * Asks over HTTP: a request for each token, on connections that are kept. Redirects are not followed.
 * @throws MockError `invalid_option` where `config` makes no request
 */
export function httpTarget(
	config: HttpTargetConfig,
	{ port, timeout, connections = CONNECTIONS, ca }: HttpTargetOptions,
): Target {
	const write = messageWriter(config, port);
	const judge = httpJudge(config);
	const secureContext =
		ca === undefined
			? undefined
			: createSecureContext({ ca: [...rootCertificates, ca] });
	const Agent = /^https:/i.test(config.url) ? EncryptedAgent : PlainAgent;
	const agent = new Agent({
		keepAlive: true,
		maxSockets: connections,
		maxFreeSockets: connections,
	});

	async function present(
		presentation: Presentation,
		{ patience = 0 }: PresentOptions = {},
	): Promise<Answer> {
		const { token } = presentation;
		const begun = performance.now();
		const answer = (outcome: Answer["outcome"], text: string): Answer => ({
			outcome,
			detail: detailOf(text, token),
			duration: secondsSince(begun),
		});
		const message = write(presentation);
		if ("unsendable" in message) return answer("unsent", message.unsendable);

		const limits = { timeout: timeout + patience, secureContext };
		let came = await exchange(message, { agent, ...limits });
		if ("failure" in came && came.stale) {
			// RFC 9112 §9.3.1: on a new connection, where a close that crosses the request cannot be meant.
			came = await exchange(message, { agent: false, ...limits });
		}
		if ("failure" in came) return answer(came.outcome, came.failure);
		const verdict = judge(came.status, came.body);
		// What lets a token in often hands out another one: that is nobody's to read in a report.
		const shown = verdict.outcome === "accepted" ? { ...came, body: "" } : came;
		return {
			...answer(verdict.outcome, textOf(shown, verdict.because)),
			...echoOf(`${came.headers}\n${came.body}`, token),
		};
	}

	return {
		description: descriptionOf(config, port),
		present,
		close: async () => agent.destroy(),
	};
}

/** Such as `302 Found to https://rp.example.com/login, neither in accepted nor in rejected: <p>…`. */
function textOf(answer: HttpAnswer, because: string | undefined): string {
	const { status, location, body } = answer;
	const name = answer.statusText || STATUS_CODES[status];
	const said = name === undefined ? `${status}` : `${status} ${name}`;
	const led =
		location === undefined ? said : `${said} to ${safeText(location, 100)}`;
	const judged = because === undefined ? led : `${led}, ${because}`;
	return body.trim() === "" ? judged : `${judged}: ${body}`;
}

function descriptionOf(
	{ url, method, ...parts }: HttpTargetConfig,
	port: number | undefined,
): string {
	const hasBody = [parts.json, parts.form, parts.body].some(
		(part) => part !== undefined,
	);
	const verb = method ?? (hasBody ? "POST" : "GET");
	// A password or an API key may stand there, and reports go far.
	const shown = url
		.replace(/^(https?:\/\/)[^/@]*@/i, "$1")
		.replace(/([?&][^=&#]*=)[^&#]*/g, "$1…")
		.replaceAll("{port}", String(port));
	return safeText(`${verb} ${shown}`, LONGEST_DESCRIPTION);
}
