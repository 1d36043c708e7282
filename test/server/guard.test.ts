// Who may change things: the control token, foreign hosts and pages, and every path that changes something.
import request from "supertest";
import { describe, expect, test } from "vitest";
import { ROUTES } from "../../src/server/mock/routes.js";
import { testApp } from "./instance.js";

const changing = ROUTES.filter(({ changes }) => changes);
const pathOf = (path: string) => path.replace(/[:*]\w+/, "x");

test("there are paths that change something, and reading ones are not among them", () => {
	expect(changing.length).toBeGreaterThan(12);
	expect(changing.filter(({ method }) => method === "get")).toEqual([]);
	const free = ROUTES.filter(
		({ changes, method }) => !changes && method !== "get",
	);
	expect(free.map(({ path }) => path)).toEqual(["/_mock/token", "/_mock/jobs"]);
});

describe.for(
	changing.map(({ method, path }) => [method, pathOf(path)] as const),
)("%s %s", ([method, path]) => {
	const call = (
		app: ReturnType<typeof testApp>,
		headers: Record<string, string>,
	) =>
		request(app)
			[method](path)
			.set({ Host: "localhost", ...headers })
			.send({});

	test("needs the control token where there is one", async () => {
		const app = testApp({}, { controlToken: "s3cret" });
		for (const headers of [
			{},
			{ Authorization: "Bearer wrong" },
			{ Authorization: "s3cret" },
			{ Authorization: "Bearer s3cret2" },
		]) {
			const {
				status,
				body,
				headers: answer,
			} = await call(app, headers as Record<string, string>);
			expect([status, body.error]).toEqual([401, "unauthorized"]);
			expect(answer["www-authenticate"]).toBe("Bearer");
			expect(JSON.stringify(body)).not.toContain("s3cret");
		}
		const { status } = await call(app, {
			Authorization: "Bearer s3cret",
			Host: "rebound.evil.test",
		});
		expect([200, 201, 400, 404]).toContain(status);
	});

	test("is closed to foreign hosts and pages without one", async () => {
		const app = testApp();
		for (const headers of [
			{ Host: "rebound.evil.test" },
			{ Origin: "https://evil.test" },
			{ Origin: "null" },
			{ Origin: "http://localhost:8081" }, // another port
			{ Origin: "https://localhost" }, // another scheme
			{ Origin: "localhost" },
			{ "Sec-Fetch-Site": "cross-site" },
			{ "Sec-Fetch-Site": "same-site" },
		]) {
			const { status, body } = await call(
				app,
				headers as Record<string, string>,
			);
			expect([status, body.error]).toEqual([403, "forbidden"]);
		}
		for (const host of [
			"localhost:8080",
			"gitlab",
			"127.0.0.1",
			"[::1]:8080",
			"a.localhost",
		]) {
			const { status } = await call(app, {
				Host: host,
				Origin: `http://${host}`,
				"Sec-Fetch-Site": "same-origin",
			});
			expect([200, 201, 400, 404]).toContain(status);
		}
	});

	test("is refused by a replica, whoever asks", async () => {
		const app = testApp({}, { replica: true, controlToken: "s3cret" });
		const { status, body } = await call(app, {
			Authorization: "Bearer s3cret",
		});
		expect([status, body.error]).toEqual([409, "conflict"]);
	});

	test("takes nothing but JSON", async () => {
		if (method === "delete") return;
		const { status, body } = await request(testApp())
			[method](path)
			.set("Host", "localhost")
			.type("text/plain")
			.send("{}");
		expect(status).toBe(400);
		expect(body.error_description).toContain("Content-Type: application/json");
		const empty = await request(testApp())
			[method](path)
			.set("Host", "localhost");
		expect(empty.status).toBe(400);
		expect(empty.body.error_description).toContain("application/json");
	});

	test("takes an empty body of who has the control token", async () => {
		const { body } = await request(testApp({}, { controlToken: "s3cret" }))
			[method](path)
			.set({ Host: "localhost", Authorization: "Bearer s3cret" });
		expect(JSON.stringify(body)).not.toContain("application/json");
	});
});

test("the names that the server was given are its own", async () => {
	const clock = (app: ReturnType<typeof testApp>, host: string) =>
		request(app).delete("/_mock/clock").set("Host", host);
	expect(
		(
			await clock(
				testApp({ issuer: "https://gitlab.example.com" }),
				"gitlab.example.com",
			)
		).status,
	).toBe(200);
	expect(
		(
			await clock(
				testApp({}, { names: ["mock.corp.example"] }),
				"mock.corp.example",
			)
		).status,
	).toBe(200);
	expect((await clock(testApp(), "mock.corp.example")).status).toBe(403);
});

describe("a foreign page gets no token of the queue, and takes none from it", () => {
	test.for([
		{ Origin: "http://localhost:8081" },
		{ Origin: "https://evil.test" },
		{ Origin: "null" },
		{ "Sec-Fetch-Site": "cross-site" },
		{ "Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "no-cors" },
	] as Record<string, string>[])("%j", async (headers) => {
		const app = testApp();
		const local = { Host: "localhost:8080" };
		const queue = (scenario: string) =>
			request(app).post("/_mock/next").set(local).send({ scenario });
		await queue("expired");
		for (const ask of [
			request(app).get("/_mock/token"),
			request(app).post("/_mock/token").send({}),
		]) {
			const { status, body } = await ask.set({ ...local, ...headers });
			expect([status, body.error]).toEqual([403, "forbidden"]);
		}
		const { body } = await queue("alg-none");
		expect(body.queue).toEqual(["time/expired", "algorithm/alg-none"]);
		const own = { Origin: "http://localhost:8080", "Sec-Fetch-Site": "none" };
		const { status } = await request(app)
			.get("/_mock/token")
			.set({ ...local, ...own });
		expect(status).toBe(200);
		expect((await queue("expired")).body.queue).toEqual([
			"algorithm/alg-none",
			"time/expired",
		]);
	});
});

test("behind a proxy, the origin is the one that the browser sees", async () => {
	const app = testApp({}, { trustProxy: true });
	const change = (origin: string) =>
		request(app).delete("/_mock/clock").set({
			Host: "inside:1",
			"X-Forwarded-Host": "gitlab",
			"X-Forwarded-Proto": "https",
			Origin: origin,
		});
	expect((await change("https://gitlab")).status).toBe(200);
	expect((await change("http://gitlab")).status).toBe(403);
	expect((await change("http://inside:1")).status).toBe(403);
});

test("reading needs no token", async () => {
	const app = testApp({}, { controlToken: "s3cret" });
	for (const path of [
		"/_mock/clock",
		"/_mock/keys",
		"/_mock/token",
		"/oauth/discovery/keys",
	]) {
		expect((await request(app).get(path).set("Host", "localhost")).status).toBe(
			200,
		);
	}
});
