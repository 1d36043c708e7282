// A client that leaves is noticed by every request of its connection, those behind others included.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { connect } from "node:net";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { whenGone } from "../../src/server/client-gone.js";

const left: string[] = [];
const stops: (() => void)[] = [];
const server = createServer((req, res) => {
	stops.push(whenGone({ req, res }, () => left.push(String(req.url))));
	if (req.url === "/answered") res.end();
});
beforeAll(
	() => new Promise<void>((done) => server.listen(0, "127.0.0.1", done)),
);
afterAll(() => server.close());

/** Asks for these paths at once, and leaves when all have arrived. */
async function askAndLeave(...paths: string[]) {
	left.length = stops.length = 0;
	const { port } = server.address() as AddressInfo;
	const client = connect(port, "127.0.0.1");
	for (const path of paths)
		client.write(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
	await vi.waitFor(() => expect(stops).toHaveLength(paths.length));
	return client;
}

test("all that were not answered are told, each once", async () => {
	const paths = Array.from({ length: 15 }, (_, index) => `/${index}`);
	const client = await askAndLeave(...paths);
	expect(left).toEqual([]);
	client.destroy();
	await vi.waitFor(() =>
		expect([...new Set(left)].sort()).toEqual(paths.sort()),
	);
	expect(left).toHaveLength(paths.length);
});

test("an answer that was written is over, and what stopped waiting is told nothing", async () => {
	const client = await askAndLeave("/answered", "/late", "/stopped");
	await vi.waitFor(() => expect(left).toEqual(["/answered"]));
	stops[2]?.();
	client.destroy();
	await vi.waitFor(() => expect(left).toEqual(["/answered", "/late"]));
});
