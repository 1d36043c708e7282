// Edits of a URL's parts: an issuer may have a port and a path.
import { z } from "zod";
import { MockError, notApplicable } from "../errors.js";

const addition = z.strictObject({ append: z.string().min(1) });

/** The forms of an edit of a URL. */
export const URL_EDITS = [
	z.strictObject({
		scheme: z.enum(["other", "none"]).meta({
			description: "of a URL: https for http and http for https, or no scheme",
		}),
	}),
	z.strictObject({
		port: z.int().min(1).max(65_535).meta({ description: "of a URL" }),
	}),
	z.strictObject({
		host: addition.meta({
			description: "put this behind the host of a URL, before its port",
		}),
	}),
	z.strictObject({
		authority: addition.meta({
			description:
				"put this behind host and port of a URL, before its path: `@evil.test` makes them a user's name",
		}),
	}),
] as const;

export type UrlEdit = z.infer<(typeof URL_EDITS)[number]>;

/**
 * Edits a URL.
 * @param where what is edited, for errors
 * @throws MockError `invalid_scenario` where `text` is no URL; `not_applicable` where its host has no name
 */
export function editUrl(text: string, edit: UrlEdit, where: string): string {
	const parts = /^(https?):\/\/([^/:]+|\[[^\]]*\])(:\d+)?(\/.*)?$/.exec(text);
	if (!parts) {
		throw new MockError(
			"invalid_scenario",
			`${where}: "${text}" is no http(s) URL`,
		);
	}
	const [, scheme, host = "", port = "", path = ""] = parts;
	if ("port" in edit) return `${scheme}://${host}:${edit.port}${path}`;
	if ("host" in edit) {
		if (host.startsWith("["))
			throw notApplicable(`${where}: the host of "${text}" is an IPv6 address`);
		return `${scheme}://${host}${edit.host.append}${port}${path}`;
	}
	if ("authority" in edit)
		return `${scheme}://${host}${port}${edit.authority.append}${path}`;
	if (edit.scheme === "none") return `${host}${port}${path}`;
	return `${scheme === "http" ? "https" : "http"}://${host}${port}${path}`;
}
