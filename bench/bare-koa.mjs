// A Koa that does nothing but answer: node bare-koa.mjs PORT URL PATH… serves the bytes that URL has at each PATH.
// @ts-check
import Koa from "koa";

const [port, url, ...paths] = process.argv.slice(2);

/** @type {Map<string, string>} */
const documents = new Map();
for (const path of paths) {
	const response = await fetch(`${url}${path}`);
	documents.set(path, await response.text());
}

new Koa()
	.use((ctx) => {
		ctx.type = "application/json; charset=utf-8";
		ctx.body = documents.get(ctx.path);
	})
	.listen(Number(port), "127.0.0.1");
