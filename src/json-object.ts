// JSON objects, told from the other values of JSON.

/** Whether a value is a JSON object: neither null nor a list. */
export const isJsonObject = (
	value: unknown,
): value is Record<string, unknown> =>
	typeof value === "object" && value !== null && !Array.isArray(value);
