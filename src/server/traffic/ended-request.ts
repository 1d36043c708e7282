// What is told of a request that has ended. It names no type of Koa, since the library hands it out.

/** A request that has ended, without secrets. */
export interface EndedRequest {
	/** when it came in, ISO 8601, by the machine's clock */
	time: string;
	/** the instance's name; empty for the one at the root */
	instance: string;
	/** null where it was no HTTP that one could read */
	method: string | null;
	/** below the instance, as GitLab has it; null as above */
	path: string | null;
	query: string;
	/** null where the connection broke off */
	status: number | null;
	/** milliseconds */
	duration: number;
	/** `X-Request-Id` of the answer */
	requestId: string;
}
