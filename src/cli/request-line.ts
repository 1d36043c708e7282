// A line of the request log: for people, or as JSON for programs.
import type { Option } from "commander";
import { printable } from "../safe-text.js";
import type { EndedRequest } from "../server/traffic/ended-request.js";
import { type Io, painter } from "./io.js";
import { option } from "./options.js";

/** How requests are logged. */
const LOG_FORMATS = ["json", "text", "none"] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

export const logOption = (): Option =>
	option(
		"--log <format>",
		"a line a request on standard error, without secrets",
	)
		.choices(LOG_FORMATS)
		.default("none");

/** The request as a line, with the names that `/_mock/requests` has. */
export function requestLine(
	format: Exclude<LogFormat, "none">,
	request: EndedRequest,
): string {
	const { requestId, ...rest } = request;
	return format === "json"
		? `${printable(JSON.stringify({ ...rest, request_id: requestId }))}\n`
		: `${printable(text(request)).replaceAll("\n", " ")}\n`;
}

/** `-` stands for what there is not. */
function text(request: EndedRequest): string {
	const { time, method, path, query, status, duration } = request;
	const { instance, requestId } = request;
	const asked = `${path ?? "-"}${query && `?${query}`}`;
	const what = `${method ?? "-"} ${asked} ${status ?? "-"} ${duration}ms`;
	return `${time} ${what} ${instance || "-"} ${requestId}`;
}

/** What went wrong, as a line of JSON among those of requests. */
export const warningLine = (warning: string): string =>
	`${printable(JSON.stringify({ time: new Date().toISOString(), warning }))}\n`;

/** What tells of warnings and of requests: a line each on standard error. */
export function logWriter(format: LogFormat, { stderr, env }: Io) {
	const paint = painter(stderr, env);
	return {
		report: (warning: string) =>
			void stderr.write(
				format === "json"
					? warningLine(warning)
					: `${paint("yellow", "warning:")} ${printable(warning)}\n`,
			),
		log:
			format === "none"
				? undefined
				: (request: EndedRequest) =>
						void stderr.write(requestLine(format, request)),
	};
}
