// The OpenAPI description of the mock's own paths, from the schemas that check them.
import { z } from "zod";
import { type Route, route } from "./route.js";

type Schemas = Record<string, unknown>;

const failure = { $ref: "#/components/schemas/Failure" };

const failureSchema = {
	type: "object",
	required: ["error", "error_description"],
	properties: {
		error: { type: "string" },
		error_description: { type: "string" },
	},
};

/** OpenAPI 3.1 of `routes`. */
export function openApi(routes: readonly Route[]): Record<string, unknown> {
	const paths: Record<string, Record<string, unknown>> = {};
	const schemas: Schemas = { Failure: failureSchema };
	for (const described of routes) {
		const path = described.path.replace(/[:*](\w+)/g, "{$1}");
		paths[path] = {
			...paths[path],
			[described.method]: operation(described, schemas),
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
			{ url: "http://localhost:8080" },
			{
				url: "http://localhost:8080/{instance}",
				variables: { instance: { default: "gitlab-1" } },
			},
		],
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

function operation(
	{ method, path, summary, changes, query, body, answer }: Route,
	schemas: Schemas,
) {
	const id = `${method}${path
		.replace("/_mock", "")
		.replace(/\W+(\w)/g, (_, first: string) => first.toUpperCase())}`;
	const schema = (type: z.ZodType, io: "input" | "output") =>
		jsonSchema(type, io, `${id}_${io}`, schemas);
	const answerContent =
		typeof answer === "string"
			? { [answer]: { schema: { type: "string" } } }
			: { "application/json": { schema: schema(answer, "output") } };
	return {
		operationId: id,
		summary,
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
		responses: {
			200: { description: "done", content: answerContent },
			"4XX": {
				description: "what is wrong, and what to do",
				content: { "application/json": { schema: failure } },
			},
		},
	};
}

const pathParameters = (path: string) =>
	[...path.matchAll(/[:*](\w+)/g)].map(([, name]) => ({
		name,
		in: "path",
		required: true,
		schema: { type: "string" },
	}));

function queryParameter(name: string, schema: Schemas) {
	const { description, ...rest } = schema;
	return { name, in: "query", required: false, description, schema: rest };
}

/** A schema whose own definitions become components, named by `prefix`. */
function jsonSchema(
	type: z.ZodType,
	io: "input" | "output",
	prefix: string,
	schemas: Schemas,
): Schemas {
	const { $schema: _, ...made } = z.toJSONSchema(type, {
		io,
		unrepresentable: "any",
	});
	const text = JSON.stringify(made).replaceAll(
		'"#/$defs/',
		`"#/components/schemas/${prefix}`,
	);
	const { $defs = {}, ...schema } = JSON.parse(text) as Schemas;
	for (const [name, definition] of Object.entries($defs as Schemas)) {
		schemas[prefix + name] = definition;
	}
	return schema;
}

/** The description as a route. */
export function openApiRoutes(documented: readonly Route[]): Route[] {
	const routes: Route[] = [
		route({
			method: "get",
			path: "/_mock/openapi.json",
			summary: "This description",
			answer: z.record(z.string(), z.unknown()),
			handle: () => openApi([...documented, ...routes]),
		}),
	];
	return routes;
}
