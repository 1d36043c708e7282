// The OpenAPI description of the mock's own paths, from the schemas that check them.
import { z } from "zod";
import { type Route, route } from "./route.js";

const failure = { $ref: "#/components/schemas/Failure" };

/** OpenAPI 3.1 of `routes`. */
export function openApi(
	routes: readonly Route[],
	version: string,
): Record<string, unknown> {
	const paths: Record<string, Record<string, unknown>> = {};
	for (const described of routes) {
		const path = described.path.replace(/[:*](\w+)/g, "{$1}");
		paths[path] = { ...paths[path], [described.method]: operation(described) };
	}
	return {
		openapi: "3.1.0",
		info: {
			title: "gitlab-oidc-mock",
			version,
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
			schemas: {
				Failure: {
					type: "object",
					required: ["error", "error_description"],
					properties: {
						error: { type: "string" },
						error_description: { type: "string" },
					},
				},
			},
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

function operation({
	method,
	path,
	summary,
	changes,
	query,
	body,
	answer,
}: Route) {
	return {
		operationId: `${method}${path.replace("/_mock", "").replace(/\W+(\w)/g, (_, first: string) => first.toUpperCase())}`,
		summary,
		...(changes && { security: [{}, { controlToken: [] }] }),
		parameters: [...pathParameters(path), ...queryParameters(query)],
		...(body && {
			requestBody: {
				required: true,
				content: { "application/json": { schema: jsonSchema(body, "input") } },
			},
		}),
		responses: {
			200: {
				description: "done",
				content:
					typeof answer === "string"
						? { [answer]: { schema: { type: "string" } } }
						: { "application/json": { schema: jsonSchema(answer, "output") } },
			},
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

const queryParameters = (query: Route["query"]) =>
	Object.entries(query?.shape ?? {}).map(([name, schema]) => {
		const { description, ...rest } = jsonSchema(
			schema as z.ZodType,
			"input",
		) as { description?: string };
		return {
			name,
			in: "query",
			required: false,
			...(description && { description }),
			schema: rest,
		};
	});

function jsonSchema(
	schema: z.ZodType,
	io: "input" | "output",
): Record<string, unknown> {
	const { $schema: _, ...made } = z.toJSONSchema(schema, {
		io,
		unrepresentable: "any",
	});
	return inlined(made);
}

/** A schema that stands alone must not refer to definitions of its own: any JSON is `true` there. */
function inlined(schema: Record<string, unknown>): Record<string, unknown> {
	const { $defs: _, ...rest } = schema;
	const text = JSON.stringify(rest).replace(
		/\{"\$ref":"#\/\$defs\/[^"]*"\}/g,
		"true",
	);
	return JSON.parse(text) as Record<string, unknown>;
}

/** The description as a route. */
export function openApiRoutes(documented: readonly Route[]): Route[] {
	const routes: Route[] = [
		route({
			method: "get",
			path: "/_mock/openapi.json",
			summary: "This description",
			answer: z.record(z.string(), z.unknown()),
			handle: () => openApi([...documented, ...routes], "1"),
		}),
	];
	return routes;
}
