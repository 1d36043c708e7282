// GET /.well-known/openid-configuration, and for OAuth clients /.well-known/oauth-authorization-server.
import {
	authorizationServerDocument,
	discoveryDocument,
} from "../../gitlab/discovery.js";
import { documentHas } from "../../gitlab/document-history.js";
import type { Place } from "../instance/registry.js";
import { type JsonDocument, jsonDocument } from "./document.js";

// A document an issuer: as many as a client can name, so only the newest are kept.
const MOST = 100;

const keptBy = (make: (issuer: string, version: string) => JsonDocument) => {
	const documents = new Map<string, JsonDocument>();
	return (place: Place): JsonDocument => {
		const issuer = place.issuer();
		const { version } = place.instance.settings;
		const key = `${version} ${issuer}`;
		let document = documents.get(key);
		if (!document) {
			if (documents.size >= MOST)
				documents.delete(documents.keys().next().value as string);
			document = make(issuer, version);
			documents.set(key, document);
		}
		return document;
	};
};

const EACH_TIME = "max-age=0, private, must-revalidate";
const A_DAY = "max-age=86400, public, must-revalidate, no-transform";

/** @throws MockError `invalid_request` where the client's Host is none */
export const discoveryOf = keptBy((issuer, version) =>
	jsonDocument(discoveryDocument(issuer, version), EACH_TIME),
);

/** The same as discovery until clients could register themselves. */
export const authorizationServerOf = keptBy((issuer, version) => {
	const isOwn = documentHas(version, "registration");
	return jsonDocument(
		authorizationServerDocument(issuer, version),
		isOwn ? A_DAY : EACH_TIME,
		!isOwn,
	);
});
