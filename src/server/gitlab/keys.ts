// GET /oauth/discovery/keys: the public keys, sign-in first.
import { type KeySet, publicKeys } from "../../token/keys.js";
import type { Place } from "../instance/registry.js";
import { type JsonDocument, jsonDocument, serveDocument } from "./document.js";
import type { Endpoint } from "./endpoint.js";

const documents = new WeakMap<KeySet, JsonDocument>();

export const keys: Endpoint = (ctx, place) => {
	const current = place.instance.keys.current();
	if (current instanceof Promise)
		return current.then((set) => serveDocument(ctx, documentOf(set)));
	return serveDocument(ctx, documentOf(current));
};

/** The JWKS; undefined until the first keys are made. */
export function jwksOf({ instance }: Place): JsonDocument | undefined {
	const current = instance.keys.current();
	return current instanceof Promise ? undefined : documentOf(current);
}

function documentOf(keySet: KeySet): JsonDocument {
	let document = documents.get(keySet);
	if (!document) {
		document = jsonDocument(
			publicKeys(keySet),
			"max-age=86400, public, must-revalidate, no-transform",
		);
		documents.set(keySet, document);
	}
	return document;
}
