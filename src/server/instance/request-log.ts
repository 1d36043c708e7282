// The requests that an instance got: the newest ones, without secrets, to look at or to wait for.
import type { IncomingHttpHeaders } from "node:http";
import { redactHeaders, redactText } from "./redact.js";

/** One request, as it is told to whoever asks. */
export interface RequestEntry {
	/** counts from 1 for each instance */
	id: number;
	/** `X-Request-Id` of the answer */
	requestId: string;
	/** the instance's name; empty for the one at the root */
	instance: string;
	/** when it came in, ISO 8601, by the machine's clock */
	time: string;
	method: string;
	/** below the instance, as GitLab has it */
	path: string;
	query: string;
	/** null while it is being answered, and where the connection broke off */
	status: number | null;
	/** how long the answer took, in milliseconds; null while it is being answered */
	duration: number | null;
	/** without credentials and tokens */
	headers: Record<string, string>;
}

/** Which requests are meant; what is left out does not matter. */
export interface RequestFilter {
	path?: string | undefined;
	method?: string | undefined;
	status?: number | undefined;
	/** only those with a greater id */
	since?: number | undefined;
}

/** A request while and after it is answered. */
export interface OpenRequest {
	/** Says how it ended; null: without an answer. */
	end(status: number | null): void;
}

export interface RequestLog {
	begin(request: {
		requestId: string;
		method: string;
		path: string;
		query: string;
		headers: IncomingHttpHeaders;
	}): OpenRequest;
	/** The kept requests that fit, oldest first. */
	list(filter?: RequestFilter): RequestEntry[];
	/** How many of them each path got. */
	counts(filter?: RequestFilter): Record<string, number>;
	/** The requests that fit, as soon as there is one, and at the latest after `patience` milliseconds, or at `signal`. */
	wait(
		filter: RequestFilter,
		patience: number,
		signal?: AbortSignal,
	): Promise<RequestEntry[]>;
	clear(): void;
}

interface Kept {
	id: number;
	requestId: string;
	begun: number;
	method: string;
	/** as it came, until somebody looks at it: most requests are never looked at */
	came: { path: string; query: string; headers: IncomingHttpHeaders };
	shown: Pick<RequestEntry, "path" | "query" | "headers"> | undefined;
	status: number | null;
	duration: number | null;
}

const NOTHING = { path: "", query: "", headers: {} };

/** What may be shown of a request, made once. */
function shown(request: Kept): NonNullable<Kept["shown"]> {
	const { path, query, headers } = request.came;
	request.shown ??= {
		path: redactText(path),
		query: redactText(query),
		headers: redactHeaders(headers),
	};
	request.came = NOTHING;
	return request.shown;
}

/** A log that keeps the newest `size` requests. */
export function requestLog(instance: string, size: number): RequestLog {
	const kept: Kept[] = []; // in the order of arrival
	const waiting = new Set<(request: Kept) => void>();
	let last = 0;

	const fitting = (filter: RequestFilter) =>
		kept.slice(-size).filter((request) => fits(request, filter));
	const wake = (request: Kept) => {
		for (const look of waiting) look(request);
	};
	const list = (filter: RequestFilter = {}) =>
		fitting(filter).map((request) => told(request, instance));

	return {
		begin({ requestId, method, path, query, headers }) {
			last += 1;
			const request: Kept = {
				id: last,
				requestId,
				begun: Date.now(),
				method,
				came: { path, query, headers },
				shown: undefined,
				status: null,
				duration: null,
			};
			kept.push(request);
			// Now and then, not each time: to move all of them takes longer than the rest of this.
			if (kept.length >= 2 * size) kept.splice(0, kept.length - size);
			wake(request);
			return {
				end(status) {
					request.status = status;
					request.duration = Date.now() - request.begun;
					wake(request);
				},
			};
		},
		list,
		counts(filter = {}) {
			const counts = new Map<string, number>();
			for (const { path } of fitting(filter).map(shown)) {
				counts.set(path, (counts.get(path) ?? 0) + 1);
			}
			return Object.fromEntries(counts);
		},
		wait(filter, patience, signal) {
			return new Promise((resolve) => {
				const finish = () => {
					clearTimeout(timer);
					waiting.delete(look);
					signal?.removeEventListener("abort", finish);
					resolve(list(filter));
				};
				const look = (request: Kept) => {
					if (fits(request, filter)) finish();
				};
				const timer = setTimeout(finish, patience).unref();
				waiting.add(look);
				signal?.addEventListener("abort", finish);
				if (signal?.aborted || fitting(filter).length > 0) finish();
			});
		},
		clear() {
			kept.length = 0;
		},
	};
}

const fits = (
	request: Kept,
	{ path, method, status, since = 0 }: RequestFilter,
): boolean =>
	request.id > since &&
	(path === undefined || shown(request).path === path) &&
	(method === undefined || request.method === method) &&
	(status === undefined || request.status === status);

const told = (request: Kept, instance: string): RequestEntry => ({
	id: request.id,
	requestId: request.requestId,
	instance,
	time: new Date(request.begun).toISOString(),
	method: request.method,
	path: shown(request).path,
	query: shown(request).query,
	status: request.status,
	duration: request.duration,
	headers: { ...shown(request).headers },
});
