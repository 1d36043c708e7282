// The OpenAPI description of the mock's own paths, from the schemas that check them.
import { z } from "zod";
import { components, type Json } from "./openapi-schema.js";
import { type Route, route } from "./route.js";

const FAILURE = {
	type: "object",
	required: ["error", "error_description"],
	properties: {
		error: { type: "string", description: "a stable word" },
		error_description: {
			type: "string",
			description: "what is wrong, where, and what to do",
		},
	},
};

/** What the paths are about, and their first segments below /_mock. */
const TAGS = [
	{
		name: "tokens",
		description: "Tokens on demand.",
		segments: ["token", "next"],
	},
	{
		name: "jobs",
		description: "The jobs of a pipeline file, and their ID tokens.",
		segments: ["jobs"],
	},
	{
		name: "scenarios",
		description: "The catalogue.",
		segments: ["scenarios"],
	},
	{
		name: "keys",
		description: "The instance's keys, and what can happen to them.",
		segments: ["keys", "ca.pem"],
	},
	{
		name: "clock",
		description: "The instance's time.",
		segments: ["clock"],
	},
	{
		name: "faults",
		description: "Which paths answer wrongly, late or not at all.",
		segments: ["faults"],
	},
	{
		name: "requests",
		description: "What the instance was asked.",
		segments: ["requests"],
	},
	{
		name: "instances",
		description: "The GitLabs beside the one at the root.",
		segments: ["instances"],
	},
	{
		name: "server",
		description: "The server as a whole.",
		segments: ["reset", "health", "metrics", "openapi.json"],
	},
	{
		name: "attacker",
		description:
			"The attacker's side, to which `jku`, `x5u` and forged documents lead.",
		segments: ["attacker"],
	},
];

function tagOf(path: string): string {
	const segment = path.split("/")[2] ?? "";
	const tag = TAGS.find(({ segments }) => segments.includes(segment));
	if (tag) return tag.name;
	throw new Error(`${path} has no tag: give /_mock/${segment} one`);
}

/** OpenAPI 3.1 of `routes`. */
export function openApi(routes: readonly Route[]): Json {
	const paths: Record<string, Json> = {};
	const { schemas, schema } = components({ Failure: FAILURE });
	for (const described of routes) {
		const path = described.path.replace(/[:*](\w+)/g, "{$1}");
		paths[path] = {
			...paths[path],
			[described.method]: operation(described, schema),
		};
	}
	return {
		openapi: "3.1.0",
		info: {
			title: "gitlab-oidc-mock",
			version: "1",
			description:
				"What the mock does beside being a GitLab. Each path is there for the server at its root and for every instance below its own path. For tests only.",
			license: { name: "MIT", identifier: "MIT" },
		},
		servers: [
			{ url: "/", description: "the instance at the root" },
			{
				url: "/{instance}",
				description: "an instance below a path of its own",
				variables: { instance: { default: "gitlab-1" } },
			},
		],
		// Without --control-token nobody is asked for one; what reads never is.
		security: [{}],
		tags: TAGS.map(({ name, description }) => ({ name, description })),
		paths,
		components: {
			schemas,
			securitySchemes: {
				controlToken: {
					type: "http",
					scheme: "bearer",
					description:
						"needed where the server was started with --control-token",
				},
			},
		},
	};
}

type SchemaOf = (type: z.ZodType, io: "input" | "output") => Json;

function operation(described: Route, schema: SchemaOf) {
	const { method, path, summary, changes, query, body } = described;
	return {
		operationId: operationId(method, path),
		summary,
		tags: [tagOf(path)],
		...(changes && { security: [{}, { controlToken: [] }] }),
		parameters: [
			...pathParameters(path),
			...Object.entries(query?.shape ?? {}).map(([name, type]) =>
				queryParameter(name, schema(type as z.ZodType, "input")),
			),
		],
		...(body && {
			requestBody: {
				required: true,
				content: { "application/json": { schema: schema(body, "input") } },
			},
		}),
		responses: responses(described, schema),
	};
}

const operationId = (method: string, path: string): string =>
	`${method}${path
		.replace("/_mock", "")
		.replace(/\W+(\w)/g, (_, first: string) => first.toUpperCase())}`;

function responses({ answer, status = 200, pending }: Route, schema: SchemaOf) {
	const content =
		typeof answer === "string"
			? { [answer]: { schema: { type: "string" } } }
			: { "application/json": { schema: schema(answer, "output") } };
	const failure = {
		"application/json": { schema: { $ref: "#/components/schemas/Failure" } },
	};
	return {
		[status]: { description: "done", content },
		...(pending && {
			[pending.status]: { description: pending.means, content },
		}),
		"4XX": { description: "what is wrong, and what to do", content: failure },
	};
}

const pathParameters = (path: string) =>
	[...path.matchAll(/([:*])(\w+)/g)].map(([, kind, name]) => ({
		name,
		in: "path",
		required: true,
		...(kind === "*" && { description: "may have slashes in it" }),
		schema: { type: "string" },
	}));

function queryParameter(name: string, schema: Json) {
	const { description, ...rest } = schema;
	return { name, in: "query", required: false, description, schema: rest };
}

/** The description as a route. */
export function openApiRoutes(documented: readonly Route[]): Route[] {
	let made: Record<string, unknown> | undefined; // once: it takes as long as a hundred tokens
	const routes: Route[] = [
		route({
			method: "get",
			path: "/_mock/openapi.json",
			summary: "This description",
			answer: z.record(z.string(), z.unknown()),
			handle() {
				made ??= openApi([...documented, ...routes]);
				return made;
			},
		}),
	];
	return routes;
}
