// The library's way in: a GitLab for a test suite, as one disposable object.
import type { BuiltInScenario, ShortName } from "../scenario/ids.js";
import { type MintedToken, mintToken } from "../scenario/mint.js";
import type { Adjustment, Scenario } from "../scenario/schema.js";
import { type PublicJwk, publicKeys, publicPem } from "../token/keys.js";
import { mintOf } from "./instance.js";
import { type StartOptions, startServer } from "./start.js";

/** A scenario's id or short name: completed for the built-in ones, any text for one's own. */
export type ScenarioName = BuiltInScenario | ShortName | (string & {});

/** What a token shall be like, beyond its scenario. */
export interface TokenOptions extends Adjustment {
	/** `aud`: a string stays a string, a list a list, even of one */
	aud?: string | string[] | undefined;
	/** settings as on the command line, such as `ref=main` */
	set?: readonly string[] | undefined;
}

/** The public half of a signing key. */
export interface PublicKey {
	kid: string;
	jwk: PublicJwk;
	/** SubjectPublicKeyInfo, PEM */
	pem: string;
}

/** A running GitLab. */
export interface GitLab extends AsyncDisposable {
	/** its URL, and `iss` of its tokens; with `tls`, the https one */
	issuer: string;
	/** where it listens without TLS; the mock's own paths are below `/_mock/` */
	url: string;
	/** the certificate authority to trust, PEM, if it made one for `tls` */
	ca: string | undefined;
	/** every scenario, in the order of the ids */
	scenarios: readonly Scenario[];
	/** the keys that it publishes */
	keys: { jwks: { keys: PublicJwk[] }; signIn: PublicKey; ci: PublicKey };
	/**
	 * Makes a token.
	 * @param scenario default `valid/baseline`
	 * @throws MockError `unknown_scenario`; `invalid_request` or `invalid_scenario` where the options do not fit
	 */
	token(scenario?: ScenarioName, options?: TokenOptions): Promise<string>;
	/** The same, with its header and claims beside it. */
	mint(scenario?: ScenarioName, options?: TokenOptions): Promise<MintedToken>;
	/** Stops it within a second; `await using` does so too. */
	close(): Promise<void>;
}

/**
 * Starts a GitLab on a free port of the loopback address.
 *
 * @example
 * await using gitlab = await startGitLab();
 * const jwt = await gitlab.token("ref/protected-tag", { aud: "https://rp.test" });
 *
 * @throws MockError where an option, a file or the address does not do
 */
export async function startGitLab(options: StartOptions = {}): Promise<GitLab> {
	const server = await startServer(options);
	const catalogue = await server.ready.catch(async (error) => {
		await server.close();
		throw error;
	});
	const issuer = server.instance.issuer ?? server.tlsUrl ?? server.url;
	const mint = await mintOf(server.instance, issuer);
	const { signIn, ci } = mint.keys;
	const publicKey = (key: typeof ci): PublicKey => ({
		kid: key.kid,
		jwk: key.jwk,
		pem: publicPem(key),
	});
	const make: GitLab["mint"] = (scenario, { aud, set, ...blocks } = {}) =>
		mintToken(mint, { scenario, aud, set, blocks });
	return {
		issuer,
		url: server.url,
		ca: server.instance.ca,
		get scenarios() {
			return catalogue.all();
		},
		keys: {
			jwks: publicKeys(mint.keys),
			signIn: publicKey(signIn),
			ci: publicKey(ci),
		},
		mint: make,
		token: async (scenario, tokenOptions) =>
			(await make(scenario, tokenOptions)).token,
		close: server.close,
		[Symbol.asyncDispose]: server.close,
	};
}
