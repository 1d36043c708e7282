// Schemas for the OpenAPI description: what several paths take or give stands there once, under its name.
import { z } from "zod";
import { memberSchema, timeSchema } from "../../scenario/edit.js";
import { faultSchema, faultsSchema } from "../../scenario/fault.js";
import { instanceSchema, jobDifferencesSchema } from "../../scenario/schema.js";
import { textEditSchema } from "../../scenario/text-edit.js";
import { tokenSchema } from "../../scenario/token-schema.js";
import { instanceConfigSchema } from "../instance/config.js";
import { situationSchema } from "../pipeline/situation.js";

export type Json = Record<string, unknown>;

const NAMES: readonly (readonly [z.ZodType, string])[] = [
	[memberSchema, "MemberEdit"],
	[timeSchema, "Time"],
	[textEditSchema, "TextEdit"],
	[faultSchema, "Fault"],
	[faultsSchema, "Faults"],
	[instanceSchema, "InstanceBlock"],
	[jobDifferencesSchema, "JobDifferences"],
	[tokenSchema, "TokenEdits"],
	[instanceConfigSchema, "InstanceConfig"],
	[situationSchema, "Situation"],
];

/** zod's own descriptions, and names for what is shared: an `id` there would be in every schema that is generated. */
class Named extends z.core.$ZodRegistry<Json> {
	readonly #ids = new Map<z.core.$ZodType, string>(NAMES);

	override get(schema: z.core.$ZodType): never {
		const id = this.#ids.get(schema);
		const meta = z.globalRegistry.get(schema);
		return (id === undefined ? meta : { ...meta, id }) as never;
	}

	override has(schema: z.core.$ZodType): boolean {
		return this.#ids.has(schema) || z.globalRegistry.has(schema);
	}
}

const metadata = new Named();

const HERE = "#/components/schemas/";

/**
 * Collects the components of a description.
 * @param own schemas that are there from the start
 */
export function components(own: Record<string, Json>) {
	const schemas: Record<string, Json> = { ...own };

	/** @throws Error where what is taken and what is given under one name differ */
	function add(name: string, definition: Json): void {
		const known = schemas[name] ?? definition;
		if (JSON.stringify(known) !== JSON.stringify(definition))
			throw new Error(`there are two schemas called ${name}`);
		schemas[name] = definition;
	}

	function schema(type: z.ZodType, io: "input" | "output"): Json {
		const options = { io, unrepresentable: "any", metadata } as const;
		const text = JSON.stringify(z.toJSONSchema(type, options))
			.replaceAll(`"#/$defs/`, `"${HERE}`)
			.replace(/"id":"\w+",?/g, "")
			// What zod numbers is z.json(), which is recursive.
			.replace(/__schema\d+/g, "JsonValue")
			.replaceAll('"enumDescriptions":', '"x-enum-descriptions":');
		const { $schema: _, $defs = {}, ...made } = JSON.parse(text) as Json;
		for (const [name, definition] of Object.entries($defs as Json))
			add(name, definition as Json);
		return made;
	}
	return { schemas, schema };
}
