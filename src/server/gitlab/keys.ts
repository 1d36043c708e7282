// GET /oauth/discovery/keys: the public keys, sign-in first.
import type { Context } from "koa";
import { type KeySet, publicKeys } from "../../token/keys.js";
import { type JsonDocument, jsonDocument, serveDocument } from "./document.js";
import type { Endpoint } from "./endpoint.js";

const documents = new WeakMap<KeySet, JsonDocument>();

export const keys: Endpoint = (ctx, { instance }) => {
	const current = instance.keys.current();
	if (current instanceof Promise) return current.then((set) => serve(ctx, set));
	return serve(ctx, current);
};

function serve(ctx: Context, keySet: KeySet): void {
	let document = documents.get(keySet);
	if (!document) {
		document = jsonDocument(publicKeys(keySet));
		documents.set(keySet, document);
	}
	serveDocument(
		ctx,
		document,
		"max-age=86400, public, must-revalidate, no-transform",
	);
}
