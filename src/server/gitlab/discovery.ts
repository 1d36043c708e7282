// GET /.well-known/openid-configuration, and the same at /.well-known/oauth-authorization-server.
import { discoveryDocument } from "../../gitlab/discovery.js";
import type { Place } from "../instance/registry.js";
import { type JsonDocument, jsonDocument, serveDocument } from "./document.js";
import type { Endpoint } from "./endpoint.js";

// A document an issuer: as many as a client can name, so only the newest are kept.
const MOST = 100;
const documents = new Map<string, JsonDocument>();

function documentFor(issuer: string): JsonDocument {
	let document = documents.get(issuer);
	if (!document) {
		if (documents.size >= MOST)
			documents.delete(documents.keys().next().value as string);
		document = jsonDocument(
			discoveryDocument(issuer),
			"max-age=0, private, must-revalidate",
		);
		documents.set(issuer, document);
	}
	return document;
}

/** @throws MockError `invalid_request` where the client's Host is none */
export const discoveryOf = (place: Place): JsonDocument =>
	documentFor(place.issuer());

export const discovery: Endpoint = (ctx, place) =>
	serveDocument(ctx, discoveryOf(place));
