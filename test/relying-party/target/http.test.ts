// Tokens over HTTP: how they travel, and what an answer means.
import { once } from "node:events";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { createServer as createTcpServer } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import type { HttpTargetConfig } from "../../../src/relying-party/target/config.js";
import { httpTarget } from "../../../src/relying-party/target/http.js";
import { makeCertificate } from "../../../src/server/certificate.js";
import { refusal } from "../../refusal.js";
import { closing, presentation, TOKEN } from "./presentation.js";
import { startListener, startServer } from "./server.js";

const URL_OF_RP = "http://127.0.0.1:{port}/login";
const open = (
	port: number,
	config: Partial<HttpTargetConfig> = {},
	more = {},
) =>
	closing(
		httpTarget({ url: URL_OF_RP, ...config }, { port, timeout: 10, ...more }),
	);

describe("a token travels", () => {
	test("in the header Authorization by default", async () => {
		const { port, asked } = await startServer();
		const answer = await open(port).present(presentation());
		expect(answer).toEqual({
			outcome: "accepted",
			detail: "200 OK",
			duration: expect.any(Number),
		});
		expect(asked).toMatchObject([
			{
				method: "GET",
				url: "/login",
				headers: { authorization: `Bearer ${TOKEN}` },
				body: "",
			},
		]);
	});

	test("in a header of the profile's, and nowhere else", async () => {
		const { port, asked } = await startServer();
		const headers = { "X-Token": "{token}", "user-agent": "{scenario}" };
		await open(port, { headers, method: "PUT" }).present(presentation());
		expect(asked[0]).toMatchObject({
			method: "PUT",
			headers: { "x-token": TOKEN, "user-agent": "valid/baseline" },
		});
		expect(asked[0]?.headers.authorization).toBeUndefined();
	});

	test("in a header beside a body without one", async () => {
		const { port, asked } = await startServer();
		await open(port, { json: { aud: "{audience}" } }).present(presentation());
		expect(asked[0]).toMatchObject({
			method: "POST",
			headers: {
				authorization: `Bearer ${TOKEN}`,
				"content-type": "application/json",
			},
			body: '{"aud":"https://rp.test/a b"}',
		});
	});

	const ODD = 'a"b\\c\n\r\0d é € 😀 &=%+?#/{issuer}{port} ';

	test.for([
		[
			"json",
			{ json: { role: "ci", list: ["jwt {token}", 1, null], no: "{other}" } },
			(body: string) => JSON.parse(body).list[0].slice(4),
		],
		[
			"form",
			{ form: { jwt: "{token}", "a b": "{audience}" } },
			(body: string) => new URLSearchParams(body).get("jwt"),
		],
		["body", { body: "{token}" }, (body: string) => body],
		[
			"url",
			{ url: `${URL_OF_RP}?a={audience}&jwt={token}` },
			(_: string, url: string) =>
				new URL(url, "http://rp").searchParams.get("jwt"),
		],
	] as const)("unchanged in %s, whatever it is", async ([, config, read]) => {
		const { port, asked } = await startServer();
		const target = open(port, config as Partial<HttpTargetConfig>);
		for (const token of [ODD, "", TOKEN]) {
			expect((await target.present(presentation(token))).outcome).toBe(
				"accepted",
			);
			const { body = "", url = "" } = asked.pop() ?? {};
			expect(read(body, url)).toBe(token);
		}
		expect(asked).toEqual([]);
	});

	test("in JSON even with half a surrogate pair", async () => {
		const { port, asked } = await startServer();
		await open(port, { json: "{token}" }).present(presentation("a\ud800b"));
		expect(asked[0]?.body).toBe('"a\\ud800b"');
	});
});

describe("what a target cannot carry is not sent", () => {
	test.for([
		["a line break in a header", "a\nb", {}],
		["a carriage return in a header", "a\rb", {}],
		["NUL in a header", "a\0b", {}],
		["what is beyond Latin-1 in a header", "a€", {}],
		["white space before it in a header", " a", {}],
		["white space behind it in a header", "a\t", {}],
		["half a surrogate pair in a body", "a\ud800", { body: "{token}" }],
		["half a surrogate pair in a form", "a\ud800", { form: { a: "{token}" } }],
		[
			"half a surrogate pair in a URL",
			"\udc00",
			{ url: `${URL_OF_RP}/{token}` },
		],
	] as const)("%s", async ([, token, config]) => {
		const { port, asked } = await startServer();
		const target = open(port, config);
		const answer = await target.present(presentation(token));
		expect(answer.outcome).toBe("unsent");
		expect(answer.detail).toMatch(/header Authorization|no UTF-8 form/);
		expect(asked).toEqual([]);
		// Its twin, which differs in nothing else.
		expect((await target.present(presentation("a"))).outcome).toBe("accepted");
	});

	test("white space within a header's value is carried", async () => {
		const { port, asked } = await startServer();
		const headers = { Authorization: 'JWT jwt="{token}"' };
		await open(port, { headers }).present(presentation(" a b "));
		expect(asked[0]?.headers.authorization).toBe('JWT jwt=" a b "');
	});
});

describe("an answer means", () => {
	const config = { accepted: [200, "3xx"], rejected: ["4xx", 302] };
	test.for([
		[200, {}, "accepted", "200 OK"],
		[204, {}, "accepted", "204 No Content"],
		[400, {}, "rejected", "400 Bad Request"],
		[401, {}, "rejected", "401 Unauthorized"],
		[403, {}, "rejected", "403 Forbidden"],
		[404, {}, "broken", "404 Not Found, neither in accepted nor in rejected"],
		[431, {}, "rejected", /^431 /],
		[302, {}, "broken", /^302 Found/],
		[500, {}, "broken", /^500 /],
		[503, {}, "broken", /^503 /],
		[201, config, "broken", /^201 Created, neither/],
		[302, config, "rejected", "302 Found"],
		[303, config, "accepted", "303 See Other"],
		[418, config, "rejected", "418 I'm a Teapot"],
	] as const)("%i with %j: %s", async ([status, more, outcome, detail]) => {
		const { port } = await startServer((response) =>
			response.writeHead(status).end(),
		);
		const target = open(port, more as Partial<HttpTargetConfig>);
		expect(await target.present(presentation())).toMatchObject({
			outcome,
			detail:
				typeof detail === "string" ? detail : expect.stringMatching(detail),
		});
	});

	const introspection = {
		accepted: [200],
		rejected: [200],
		accepted_body: '"active": *true',
		rejected_body: '"active": *false',
	};
	test.for([
		['{"active": true}', "accepted", /^200 OK$/],
		['{"active": false}', "rejected", /^200 OK: /],
		["{}", "broken", /^200 OK, without what accepted_body asks: \{\}$/],
		['"active":true "active":false', "broken", /fits accepted as well as/],
	] as const)("200 with the body %s: %s", async ([body, outcome, detail]) => {
		const { port } = await startServer((response) => response.end(body));
		const answer = await open(port, introspection).present(presentation());
		expect(answer.outcome).toBe(outcome);
		expect(answer.detail).toMatch(detail);
	});

	test.for([
		[{ accepted_body: "yes" }, "yes", "accepted"],
		[{ accepted_body: "yes" }, "no", "rejected"],
		[{ rejected_body: "no" }, "no", "rejected"],
		[{ rejected_body: "no" }, "yes", "accepted"],
	] as const)(
		"one status for both, with %j and the body %s: %s",
		async ([bodies, body, outcome]) => {
			const { port } = await startServer((response) => response.end(body));
			const both = { accepted: [200], rejected: [200], ...bodies };
			const answer = await open(port, both).present(presentation());
			expect(answer.outcome).toBe(outcome);
		},
	);

	test("nothing where it leads elsewhere: redirects are not followed", async () => {
		const { port, asked } = await startServer((response, { url }) =>
			url === "/login"
				? response.writeHead(302, { location: "/welcome" }).end()
				: response.end(),
		);
		expect(await open(port).present(presentation())).toMatchObject({
			outcome: "broken",
			detail: "302 Found to /welcome, neither in accepted nor in rejected",
		});
		expect(asked.map(({ url }) => url)).toEqual(["/login"]);
	});

	test.for([413, 414, 431, 494])("that it is too large: %i", async (status) => {
		const { port } = await startServer(
			(response) => response.writeHead(status).end(),
			{ maxHeaderSize: 65_536 },
		);
		const target = open(port);
		for (const size of [100, 8193]) {
			const answer = await target.present(presentation("a".repeat(size)));
			expect(answer.outcome).toBe("rejected");
		}
	});

	test("that a header of a mebibyte is too large for a real server", async () => {
		const { port } = await startServer();
		const target = open(port);
		for (let round = 0; round < 20; round++) {
			const token = "a".repeat(1_048_576);
			const large = await target.present(presentation(token));
			expect(large).toMatchObject({
				outcome: "rejected",
				detail: expect.stringMatching(/^431 /),
			});
		}
		expect((await target.present(presentation())).outcome).toBe("accepted");
	});
});

describe("no answer is", () => {
	const honest = { outcome: "accepted" };

	test("a reset, also on a new connection; the next token gets its answer", async () => {
		const { port } = await startServer((response, { headers }) =>
			headers.authorization === "Bearer bad"
				? response.destroy()
				: response.end(),
		);
		const target = open(port);
		expect(await target.present(presentation())).toMatchObject(honest);
		expect(await target.present(presentation("bad"))).toMatchObject({
			outcome: "crashed",
			detail: "socket hang up",
		});
		expect(await target.present(presentation())).toMatchObject(honest);
	});

	test("no answer, half an answer, and none to nobody", async () => {
		const { port, server } = await startServer((response, { headers }) => {
			if (headers.authorization === "Bearer half") {
				response.writeHead(200).write("wel");
			} else if (headers.authorization !== "Bearer none") response.end();
		});
		const target = open(port, {}, { timeout: 0.2 });
		for (const token of ["none", "half"]) {
			expect(await target.present(presentation(token))).toMatchObject({
				outcome: "hung",
				detail: "no whole answer within 0.2 s",
			});
			expect(await target.present(presentation())).toMatchObject(honest);
		}
		server.closeAllConnections();
		server.close();
		await once(server, "close");
		expect(await target.present(presentation())).toMatchObject({
			outcome: "crashed",
			detail: expect.stringMatching(/^connect ECONNREFUSED /),
		});
		server.listen(port, "127.0.0.1");
		await once(server, "listening");
		expect(await target.present(presentation())).toMatchObject(honest);
	});

	test("what comes behind the limit, unless the token has patience for it", async () => {
		const { port } = await startServer((response) =>
			setTimeout(() => response.end(), 300),
		);
		const target = open(port, {}, { timeout: 0.1 });
		const ask = async (patience?: number) =>
			(await target.present(presentation(), { patience })).outcome;
		expect([await ask(), await ask(10)]).toEqual(["hung", "accepted"]);
	});

	test("an answer that breaks off", async () => {
		const { port } = await startServer((response) => {
			response.writeHead(401, { "content-length": 100 }).write("no");
			setImmediate(() => response.destroy());
		});
		const answer = await open(port).present(presentation());
		expect(answer).toMatchObject({
			outcome: "crashed",
			detail: "the answer broke off: aborted",
		});
	});

	test("what is no HTTP", async () => {
		const server = createTcpServer((socket) => {
			socket.on("error", () => undefined);
			socket.end("SSH-2.0-OpenSSH\r\n");
		}).listen(0, "127.0.0.1");
		await once(server, "listening");
		onTestFinished(() => void server.close());
		const { port } = server.address() as AddressInfo;
		const answer = await open(port).present(presentation());
		expect(answer.outcome).toBe("broken");
		expect(answer.detail).toMatch(/^Parse Error: /);
	});
});

test("a connection that closes while it lies idle is not the token's fault", async () => {
	const used = new WeakSet<object>();
	const { port } = await startListener(({ socket }, response) => {
		if (used.has(socket)) socket.resetAndDestroy();
		else response.end();
		used.add(socket);
	});
	const target = open(port);
	for (let round = 0; round < 4; round++) {
		expect(await target.present(presentation())).toMatchObject({
			outcome: "accepted",
		});
	}
});

test("at most as many connections as allowed, and they are kept", async () => {
	const { port, server } = await startServer();
	let opened = 0;
	server.on("connection", () => {
		opened += 1;
	});
	const target = open(port, {}, { connections: 2 });
	const answers = await Promise.all(
		Array.from({ length: 50 }, () => target.present(presentation())),
	);
	expect(answers.map(({ outcome }) => outcome)).toEqual(
		Array(50).fill("accepted"),
	);
	expect(opened).toBe(2);
});

describe("a detail is safe", () => {
	test("without the token, control characters and length", async () => {
		const long = `\u001b[2J${TOKEN}\0 \u202e${"x ".repeat(1000)}`;
		const { port } = await startServer((response, { headers }) =>
			response
				.writeHead(401, "No\u0085way")
				.end(`${headers.authorization} ${long}`),
		);
		const { detail } = await open(port).present(presentation());
		expect(detail).toMatch(
			/^401 No way: Bearer eyJhbGciOiJS… \ufffd\[2JeyJhbGciOiJS…\ufffd \ufffdx x /,
		);
		expect(detail.length).toBeLessThanOrEqual(300);
	});

	test("whatever the token is", async () => {
		const { port } = await startServer((response, { body }) =>
			response.writeHead(401).end(`<${body}>`),
		);
		const target = open(port, { body: "{token}" });
		const token = "not, a. token! at all";
		expect((await target.present(presentation(token))).detail).toBe(
			"401 Unauthorized: <not, a. toke…>",
		);
	});

	test("though the body never ends", async () => {
		let closed: Promise<unknown> | undefined;
		const { port } = await startServer((response) => {
			closed = once(response, "close");
			const more = () => {
				while (!response.destroyed && response.write("<p>".repeat(10_000)));
				response.once("drain", more);
			};
			response.writeHead(401);
			more();
		});
		const answer = await open(port).present(presentation());
		expect(answer.outcome).toBe("rejected");
		expect(answer.detail).toMatch(/^401 Unauthorized: (<p>)+(<p?)?…$/);
		await closed;
	});
});

test.for<[Partial<HttpTargetConfig>, RegExp]>([
	[{ url: "ftp://127.0.0.1" }, /^target\.http\.url: expected .+ "ftp:/],
	[{ url: "login" }, /^target\.http\.url: expected .+ got "login"$/],
	[{ url: "http://h:{token}" }, /^target\.http\.url: expected /],
	[{ headers: { "a b": "" } }, /^target\.http\.headers: Header name must/],
	[{ headers: { a: "b\nc" } }, /^target\.http\.headers\.a: holds no line/],
	[{ headers: { connection: "a" } }, /^target\.http\.headers\.connection: is/],
	[
		{ headers: { authorization: "x" } },
		/Authorization is taken; write \{token\}/,
	],
	[{ accepted_body: "(" }, /^target\.http\.accepted_body: Invalid regular/],
	[{ rejected_body: "[" }, /^target\.http\.rejected_body: Invalid regular/],
	[{ rejected: [200], accepted: [200] }, /^target\.http\.rejected: 200 means/],
])("%j is refused", ([config, message]) => {
	const made = () =>
		httpTarget({ url: "http://127.0.0.1", ...config }, { timeout: 1 });
	expect(refusal(made)).toEqual({
		code: "invalid_option",
		message: expect.stringMatching(message),
	});
});

test("an authority of the profile's own is trusted beside the others", async () => {
	const { ca, cert, key } = await makeCertificate(["127.0.0.1"]);
	const server = createTlsServer({ cert, key }, (_, response) => {
		response.end();
	}).listen(0, "127.0.0.1");
	await once(server, "listening");
	onTestFinished(() => void server.close());
	const { port } = server.address() as AddressInfo;
	const url = `https://127.0.0.1:${port}/`;
	const [trusting, wary] = [{ ca }, {}].map((more) =>
		open(port, { url }, more),
	);
	expect(await trusting?.present(presentation())).toMatchObject({
		outcome: "accepted",
	});
	expect(await wary?.present(presentation())).toMatchObject({
		outcome: "broken",
		detail: expect.stringMatching(/certificate/),
	});
});

test("{port} needs a port", () => {
	expect(refusal(() => httpTarget({ url: URL_OF_RP }, { timeout: 1 }))).toEqual(
		{
			code: "invalid_option",
			message:
				"target.http: {port} is the port of an RP that the check starts; give `start`, or write the port",
		},
	);
	const options = { timeout: 1, port: 1 };
	expect(refusal(() => httpTarget({ url: URL_OF_RP }, options))).toBe(
		"accepted",
	);
});

test("the description has no password", () => {
	const { description } = httpTarget(
		{ url: "https://me:secret@rp.test/{token}", form: {} },
		{ timeout: 1 },
	);
	expect(description).toBe("POST https://rp.test/{token}");
});

test("the description has the port that the RP was given", () => {
	const config = { url: "http://127.0.0.1:{port}/login?port={port}" };
	const { description } = httpTarget(config, { port: 4711, timeout: 1 });
	expect(description).toBe("GET http://127.0.0.1:4711/login?port=…");
});
