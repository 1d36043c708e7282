// Whether the client of a request is still there: also where the answer waits for its turn, behind others on the same connection.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** What one connection's close ends, with one listener for them all. */
const waiting = new WeakMap<Socket, Set<() => void>>();

function waitersOf(socket: Socket): Set<() => void> {
	let waiters = waiting.get(socket);
	if (!waiters) {
		const all = new Set<() => void>();
		socket.once("close", () => {
			for (const leave of all) leave();
		});
		waiting.set(socket, all);
		waiters = all;
	}
	return waiters;
}

/**
 * Calls `leave` once, when the answer has ended or its client is gone, and at once where that is so already. Node tells an
 * answer that is not yet written, since others come before it, nothing of the connection's end.
 * @returns stops waiting
 */
export function whenGone(
	{ req, res }: { req: IncomingMessage; res: ServerResponse },
	leave: () => void,
): () => void {
	let waiters: Set<() => void> | undefined;
	const stop = () => {
		res.off("close", tell);
		waiters?.delete(tell);
	};
	const tell = () => {
		stop();
		leave();
	};
	res.once("close", tell);
	if (res.socket !== null && !res.destroyed) return stop;
	if (req.socket.destroyed) {
		tell();
		return stop;
	}
	waiters = waitersOf(req.socket);
	waiters.add(tell);
	return stop;
}
