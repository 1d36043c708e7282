// A Koa that does nothing but answer: node bare-koa.mjs PORT URL PATH… serves the bytes and headers that URL has at each PATH.
// @ts-check
import Koa from "koa";

const [port, url, ...paths] = process.argv.slice(2);

/** What Node adds by itself. */
const BY_NODE = new Set(["connection", "content-length", "date", "keep-alive"]);

/** @type {Map<string, { body: string, headers: [name: string, value: string][] }>} */
const documents = new Map();
for (const path of paths) {
	const response = await fetch(`${url}${path}`);
	const headers = [...response.headers].filter(([name]) => !BY_NODE.has(name));
	documents.set(path, { body: await response.text(), headers });
}

new Koa()
	.use((ctx) => {
		const document = documents.get(ctx.path);
		if (!document) return;
		for (const [name, value] of document.headers) ctx.set(name, value);
		ctx.body = document.body;
	})
	.listen(Number(port), "127.0.0.1");
