// One emulated GitLab, and how a request finds its issuer.
import type { Context } from "koa";
import type { Clock } from "../clock.js";
import { MockError } from "../errors.js";
import type { Plan } from "../gitlab/claims.js";
import type { Catalogue } from "../scenario/catalogue.js";
import type { Mint } from "../scenario/mint.js";
import type { KeySet } from "../token/keys.js";

/** The audience of a token whose request names none. */
export const DEFAULT_AUDIENCE = "https://rp.example.com";

/** One emulated GitLab. Keys and catalogue arrive in the background. */
export interface Instance {
	/** URL without a trailing slash; undefined: what the client called */
	issuer: string | undefined;
	version: string;
	plan: Plan;
	/** the `aud` of a token whose request names none */
	audience: string;
	clock: Clock;
	keys: Promise<KeySet>;
	catalogue: Promise<Catalogue>;
	/** the CA that signed this server's certificate, PEM */
	ca?: string | undefined;
}

const HOST =
	/^(\[[0-9a-f:.]{2,45}\]|[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?)(:\d{1,5})?$/i;

/**
 * The instance's URL for this request.
 * @throws MockError `invalid_request` where the client's Host is none
 */
export function issuerFor(instance: Instance, ctx: Context): string {
	if (instance.issuer !== undefined) return instance.issuer;
	const host = hostOf(ctx);
	if (host.length > 255 || !HOST.test(host)) {
		throw new MockError(
			"invalid_request",
			"the Host header is missing or is not a host name with an optional port",
		);
	}
	return `${ctx.protocol}://${host}`;
}

/** The Host as the client wrote it, or as a trusted proxy passes it on: Koa's own `host` mends it. */
function hostOf({ app, headers }: Context): string {
	const forwarded = app.proxy ? headers["x-forwarded-host"] : undefined;
	return (
		String(forwarded ?? headers.host ?? "")
			.split(",", 1)[0]
			?.trim() ?? ""
	);
}

/** The path below which the instance lives: "" or, for a relative-URL GitLab, such as "/gitlab". */
export const basePath = ({ issuer }: Instance): string =>
	issuer === undefined ? "" : new URL(issuer).pathname.replace(/\/$/, "");

/**
 * Checks an issuer URL.
 * @throws MockError `invalid_option` unless it is http or https, without query, fragment, user or trailing slash
 */
export function parseIssuer(text: string): string {
	let url: URL | undefined;
	try {
		url = new URL(text);
	} catch {}
	if (
		!url ||
		!/^https?:$/.test(url.protocol) ||
		url.username ||
		url.password ||
		/[?#]|\/$/.test(text)
	) {
		throw new MockError(
			"invalid_option",
			`"${text}" is no issuer: expected a URL such as https://gitlab.example.com or https://example.com/gitlab, without a slash at the end`,
		);
	}
	return text;
}

/** What makes this instance's tokens, once its keys and scenarios are there. */
export async function mintOf(
	instance: Instance,
	issuer: string,
): Promise<Mint> {
	const { version, plan, audience, clock } = instance;
	const keys = await instance.keys;
	const catalogue = await instance.catalogue;
	return { issuer, version, plan, audience, clock, keys, catalogue };
}
