// The request that carries a token, as the profile's templates say.
import { validateHeaderName } from "node:http";
import { messageOf } from "../../errors.js";
import type { HttpTargetConfig } from "./config.js";
import { HttpFault } from "./http-fault.js";
import type { Presentation } from "./target.js";
import {
	fillTemplate,
	inJson,
	isFixed,
	isUtf8,
	mentions,
	type TemplateValues,
} from "./template.js";

/** A request, ready to be sent. */
export interface HttpMessage {
	url: URL;
	method: string;
	headers: Record<string, string>;
	body: string | undefined;
}

/** Why a token cannot be sent. */
export interface Unsendable {
	unsendable: string;
}

const SAMPLE: TemplateValues = {
	token: "token",
	issuer: "http://127.0.0.1",
	audience: "audience",
	scenario: "valid/baseline",
	port: "80",
};

/**
 * Writes the request for each token.
 * @param port what `{port}` stands for
 * @throws MockError `invalid_option` where the templates make no request
 */
export function messageWriter(
	config: HttpTargetConfig,
	port: number | undefined,
): (presentation: Presentation) => HttpMessage | Unsendable {
	const body = bodyOf(config);
	const headers = headersOf(config, body);
	const method =
		config.method ?? (body.template === undefined ? "GET" : "POST");
	const templates = [
		config.url,
		...Object.values(headers),
		body.template ?? "",
		...Object.values(config.form ?? {}),
	];
	if (!templates.some((template) => mentions(template, "token"))) {
		throw new HttpFault(
			[],
			"no part of it has {token}; write it where the RP reads it",
		);
	}
	const needsPort = templates.some((template) => mentions(template, "port"));
	if (needsPort && port === undefined) {
		throw new HttpFault(
			[],
			"{port} is the port of an RP that the check starts; give `start`, or write the port",
		);
	}
	checkUrl(config.url);
	// What is the same for every token is looked at once.
	const url = isFixed(config.url) ? new URL(config.url) : undefined;
	const fixed: Record<string, string> = {};
	const varying: [name: string, template: string][] = [];
	for (const [name, template] of Object.entries(headers)) {
		if (isFixed(template)) fixed[name] = template;
		else varying.push([name, template]);
	}
	// JSON writes half of a surrogate pair as an escape, and a header none at all.
	const needsUtf8 = [
		config.url,
		config.body ?? "",
		...Object.values(config.form ?? {}),
	].some((template) => mentions(template, "token"));

	return (presentation) => {
		const values = { ...presentation, port: String(port) };
		if (needsUtf8 && !isUtf8(values.token)) {
			return { unsendable: "the token has no UTF-8 form" };
		}
		const filled: Record<string, string> = { ...fixed };
		for (const [name, template] of varying) {
			const value = fillTemplate(template, values);
			const fault = headerFault(template, value, values.token);
			if (fault) return { unsendable: `the header ${name} ${fault}` };
			filled[name] = value;
		}
		const place = url ?? urlWith(config.url, values);
		if (place === null) return { unsendable: "the URL is none with it" };
		const text = body.fill(values);
		if (text !== undefined) {
			filled["Content-Length"] = String(Buffer.byteLength(text));
		}
		return { url: place, method, headers: filled, body: text };
	};
}

function urlWith(template: string, values: TemplateValues): URL | null {
	const url = fillTemplate(template, values, encodeURIComponent);
	return URL.canParse(url) ? new URL(url) : null;
}

interface Body {
	template: string | undefined;
	type: string | undefined;
	fill(values: TemplateValues): string | undefined;
}

function bodyOf({ json, form, body }: HttpTargetConfig): Body {
	if (json !== undefined) {
		const template = JSON.stringify(json);
		return {
			template,
			type: "application/json",
			fill: (values) => fillTemplate(template, values, inJson),
		};
	}
	if (form !== undefined) {
		return {
			template: "",
			type: "application/x-www-form-urlencoded",
			fill: (values) =>
				new URLSearchParams(
					Object.entries(form).map(([name, value]): [string, string] => [
						name,
						fillTemplate(value, values),
					]),
				).toString(),
		};
	}
	return {
		template: body,
		type: undefined,
		fill: (values) =>
			body === undefined ? undefined : fillTemplate(body, values),
	};
}

/** Header templates: ours, and the profile's over them. */
function headersOf(config: HttpTargetConfig, body: Body) {
	const headers: Record<string, string> = {
		Accept: "*/*",
		"User-Agent": "gitlab-oidc-mock",
	};
	if (body.type !== undefined) headers["Content-Type"] = body.type;
	const given = Object.entries(config.headers ?? {});
	for (const [name, template] of given) {
		checkHeader(name, template);
		for (const other of Object.keys(headers)) {
			if (other.toLowerCase() === name.toLowerCase()) delete headers[other];
		}
		headers[name] = template;
	}
	const elsewhere = [
		config.url,
		body.template ?? "",
		...Object.values(config.form ?? {}),
		...given.map(([, template]) => template),
	];
	if (elsewhere.some((template) => mentions(template, "token"))) return headers;
	if (given.some(([name]) => name.toLowerCase() === "authorization")) {
		throw new HttpFault(
			[],
			"no part of it has {token}, and headers.Authorization is taken; write {token} where the RP reads it",
		);
	}
	return { ...headers, Authorization: "Bearer {token}" };
}

function checkHeader(name: string, template: string): void {
	try {
		validateHeaderName(name);
	} catch (error) {
		throw new HttpFault(["headers"], messageOf(error));
	}
	if (/^(content-length|transfer-encoding|connection)$/i.test(name)) {
		throw new HttpFault(["headers", name], "is set by itself; leave it out");
	}
	const fault = headerFault(template, template, "");
	if (fault) throw new HttpFault(["headers", name], fault);
}

function checkUrl(template: string): void {
	const url = fillTemplate(template, SAMPLE, encodeURIComponent);
	if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return;
	throw new HttpFault(
		["url"],
		`expected one such as http://127.0.0.1:9000/login, got ${JSON.stringify(template)}`,
	);
}

/** Why a header cannot say `value` such that `token` comes out of it as it went in. */
function headerFault(
	template: string,
	value: string,
	token: string,
): string | undefined {
	// RFC 9110 §5.5; obs-text as Latin-1.
	if (/[^\t\x20-\x7e\x80-\xff]/.test(value)) {
		return "holds no line breaks, control characters and characters beyond Latin-1; json, form and body do";
	}
	// RFC 9110 §5.5 and §11.4: white space around a value, and more of it after the scheme, says nothing.
	const isLost =
		(/^[ \t]/.test(token) && /(^|[ \t])\{token\}/.test(template)) ||
		(/[ \t]$/.test(token) && /\{token\}[ \t]*$/.test(template));
	return isLost
		? "loses white space at the ends of a token; json, form and body do not"
		: undefined;
}
