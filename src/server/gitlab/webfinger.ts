// GET /.well-known/webfinger?resource=…: who issues for this resource.
import { MockError } from "../../errors.js";
import { webfingerDocument } from "../../gitlab/discovery.js";
import { jsonDocument, serveDocument } from "./document.js";
import type { Endpoint } from "./endpoint.js";

export const webfinger: Endpoint = (ctx, place) => {
	const resource = new URLSearchParams(ctx.querystring).get("resource");
	if (!resource) {
		throw new MockError(
			"invalid_request",
			"the query parameter resource is missing",
		);
	}
	serveDocument(
		ctx,
		jsonDocument(
			webfingerDocument(
				place.issuer(),
				resource,
				place.instance.settings.version,
			),
			"max-age=0, private, must-revalidate",
		),
	);
};
