// `secrets` of a job: from which provider, and with which ID token GitLab has each fetched.
import type { IdToken } from "./id-tokens.js";
import { nearestText, type Place, pipelineError, shown } from "./place.js";
import { type Entry, isMapping, type Mapping, memberOf } from "./value.js";

const PROVIDERS = [
	"vault",
	"azure_key_vault",
	"gcp_secret_manager",
	"aws_secrets_manager",
	"akeyless",
	"gitlab_secrets_manager",
] as const;
type Provider = (typeof PROVIDERS)[number];

const KEYS: readonly string[] = [...PROVIDERS, "file", "token"];

/** The secrets of a job. */
export interface Secrets {
	/** by the secret's name, the ID token that it is fetched with; null where that is none of the job's */
	tokens: ReadonlyMap<string, string | null>;
	/** where the first is that GitLab's own Secrets Manager has, for which GitLab makes a token itself */
	ofGitLab: Place | undefined;
}

/** `token: $NAME` or `${NAME}`. */
const TOKEN = /^\$(?:\{(\w+)\}|(\w+))$/;

/** @throws MockError `invalid_pipeline` for what GitLab's `secrets` have not */
export function readSecrets(
	config: Mapping,
	idTokens: readonly IdToken[],
	job: string,
	warn: (place: Place, message: string) => void,
): Secrets {
	const member = memberOf(config, "secrets");
	const tokens = new Map<string, string | null>();
	let ofGitLab: Place | undefined;
	if (!member) return { tokens, ofGitLab };
	if (!isMapping(member.value))
		throw pipelineError(member.place, "secrets needs a mapping", job);
	for (const [name, secret] of member.value) {
		const provider = providerOf(name, secret, job);
		if (provider === "gitlab_secrets_manager") ofGitLab ??= secret.place;
		tokens.set(name, tokenOf(name, secret, provider, idTokens, job, warn));
	}
	return { tokens, ofGitLab };
}

function providerOf(
	name: string,
	{ value, place }: Entry,
	job: string,
): Provider {
	const fail = (message: string, at: Place) =>
		pipelineError(at, `secrets: ${shown(name)} ${message}`, job);
	if (!isMapping(value)) throw fail("needs a mapping", place);
	for (const [key, { place: at }] of value) {
		if (!KEYS.includes(key))
			throw fail(`has no key ${shown(key)}${nearestText(key, KEYS)}`, at);
	}
	const [provider, ...others] = PROVIDERS.filter((key) => value.has(key));
	if (provider === undefined || others.length > 0)
		throw fail(`must use exactly one of ${PROVIDERS.join(", ")}`, place);
	return provider;
}

function tokenOf(
	name: string,
	{ value, place }: Entry,
	provider: Provider,
	idTokens: readonly IdToken[],
	job: string,
	warn: (place: Place, message: string) => void,
): string | null {
	const given = isMapping(value) ? memberOf(value, "token") : undefined;
	const what = `secrets: ${shown(name)}`;
	if (given && typeof given.value !== "string")
		throw pipelineError(given.place, `${what}: token needs a text`, job);
	if (provider === "gcp_secret_manager" && !given)
		throw pipelineError(place, `${what} needs token`, job);
	if (provider === "gitlab_secrets_manager") return null;
	if (given) {
		const match = TOKEN.exec(String(given.value));
		const token = match?.[1] ?? match?.[2];
		if (idTokens.some((idToken) => idToken.name === token))
			return token as string;
		warn(given.place, `${what}: token is none of the job's id_tokens`);
		return null;
	}
	return byDefault(what, place, provider, idTokens, warn);
}

/** What GitLab hands the runner where a secret names no token. */
function byDefault(
	what: string,
	place: Place,
	provider: Provider,
	idTokens: readonly IdToken[],
	warn: (place: Place, message: string) => void,
): string | null {
	if (provider === "akeyless") return null; // it has other ways in
	if (provider === "aws_secrets_manager") {
		const name = "AWS_ID_TOKEN";
		if (idTokens.some((idToken) => idToken.name === name)) return name;
		warn(place, `${what} needs token, or an ID token of the name ${name}`);
		return null;
	}
	const [first, ...others] = idTokens;
	if (others.length > 0) {
		// GitLab documents this for one token alone; its code takes the first of several.
		warn(
			place,
			`${what} names no token: of the job's several GitLab takes the first, ${shown(first?.name ?? "")}`,
		);
	}
	return first?.name ?? null;
}
