// Ends a connection without an answer, whatever state it is in.
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";

/**
 * Resets it where that can be done. With TLS it cannot: Node knows no way to TCP's. Nor where it is ending already, as
 * after a request before this one: Node would lose the connection, leave it open, and never end itself.
 */
export function endConnection(socket: Socket): void {
	if (socket instanceof TLSSocket || socket.writableEnded || socket.destroyed)
		socket.destroy();
	else socket.resetAndDestroy();
}
