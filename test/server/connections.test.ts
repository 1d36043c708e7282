// A thousand idle and a thousand slow connections do not keep others from their tokens.
import { connect, type Socket } from "node:net";
import { expect, test } from "vitest";
import { startGitLab } from "../../src/server/start-gitlab.js";

test("tokens are served beside 1,000 idle and 1,000 slow connections", async () => {
	const gitlab = await startGitLab();
	const { hostname, port } = new URL(gitlab.url);
	const open = (bytes: string) =>
		new Promise<Socket>((resolve, reject) => {
			const socket = connect(Number(port), hostname, () => {
				socket.write(bytes);
				resolve(socket);
			});
			socket.on("error", reject);
		});
	const sockets: Socket[] = [];
	for (let made = 0; made < 1000; made++) {
		sockets.push(
			await open(""),
			await open("GET /oauth/discovery/keys HTTP/1.1\r\nHost: a\r\nX-Slow: "),
		);
	}
	// Each slow one goes on byte by byte while the tokens are served.
	for (let turn = 0; turn < 5; turn++) {
		for (const [index, socket] of sockets.entries())
			if (index % 2 === 1) socket.write("x");
		const answers = await Promise.all(
			Array.from({ length: 20 }, () =>
				fetch(`${gitlab.url}/_mock/token/baseline`),
			),
		);
		expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
	}
	for (const socket of sockets) socket.on("error", () => {});
	const begun = performance.now();
	await gitlab.close();
	expect(performance.now() - begun).toBeLessThan(1500);
});
