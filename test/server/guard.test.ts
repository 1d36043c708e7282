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
