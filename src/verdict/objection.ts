// What a relying party that refuses the honest token most likely objects to: told from how it answers other tokens.

/** What it may object to. */
export type Subject =
	| "keys"
	| "issuer"
	| "audience"
	| "time"
	| "policy"
	| "header"
	| "sending";

/** Another token that it was shown, and what came of it. */
export interface Trial {
	subject: Subject;
	/** what the token is, in a sentence */
	what: string;
	/** true: it mends what may be wrong, and breaks nothing */
	mends?: true;
	isAccepted: boolean;
	/** whether it got the honest token's answer, word for word but for what differs from token to token */
	isSame: boolean;
}

/** How far it went at the issuer: undefined where others ask there as well. */
export type Asked = "nothing" | "discovery" | "keys" | undefined;

export interface Evidence {
	/** what it answered the honest token, without its status */
	words: string;
	trials: readonly Trial[];
	asked: Asked;
	/** paths that it asked for and that this issuer does not have */
	lost: readonly string[];
}

interface Place {
	issuer: string;
	audience: string;
}

const NAMES: Readonly<Record<Subject, string>> = {
	keys: "the key",
	issuer: "the issuer",
	audience: "the audience",
	time: "the times",
	policy: "what the policy binds",
	header: "the token's header (alg, typ)",
	sending: "how the token is sent",
};

/** Answers of a server that has nothing at that address, or nothing that takes such a request. */
export const WRONG_PLACE =
	/(Not Found|Method Not Allowed|Not Acceptable|Unsupported Media Type|Unprocessable \w+)/;
const TOKEN = "(tokens?|bearer|jwts?|authori[sz]ation|credentials?|assertion)";

/** How an answer speaks of each. */
const SPEAKS: Readonly<Record<Subject, RegExp>> = {
	keys: /\b(keys?|kid|jwks?|jwk_?sets?|signatures?|discovery)\b/i,
	issuer: /\b(iss|issuers?|issued by|provider)\b/i,
	audience: /\b(aud|audiences?)\b/i,
	time: /\b(exp|expir(ed|y|es|ation)|nbf|not.?before|iat|issued.?at|not (yet )?(valid|active)|clock|future)\b/i,
	policy:
		/\b(projects?(_\w+)?|namespaces?(_\w+)?|groups?|ref(_\w+)?|branch(es)?|tags?|environments?(_\w+)?|sub|subject|polic(y|ies)|bound.?claims?|user_\w+)\b/i,
	header: /\b(alg|algorithms?|typ|header parameter)\b/i,
	sending: new RegExp(
		`^# ${WRONG_PLACE.source}|\\b(no|without|missing|absent|empty|lacks|requires?|expected)\\b[^.;]{0,40}\\b${TOKEN}\\b|\\b${TOKEN}\\b[^.;]{0,30}\\b(missing|required|absent|empty|undefined|not (found|provided|given|present|set|sent))\\b`,
		"i",
	),
};

const SUBJECTS = Object.keys(NAMES) as Subject[];

/**
 * What it most likely objects to, and what it was told from; in sentences, empty where nothing tells.
 * No more is said than was seen.
 */
export function objectionText(evidence: Evidence, place: Place): string {
	const { trials, lost } = evidence;
	// Who lets in what has no form objects to something else.
	const mended = trials.find(
		({ isAccepted, subject }) => isAccepted && !OF_FORM.has(subject),
	);
	const said = mended
		? [
				`The relying party lets in ${mended.what}: it objects to ${NAMES[mended.subject]}`,
				adviceOn([mended.subject], place),
			]
		: suspicion(evidence, place);
	return [
		...said,
		...(lost.length > 0
			? [
					`The relying party asked this issuer for paths that do not exist there: ${lost.join(", ")}`,
				]
			: []),
	]
		.map((sentence) => `${sentence}.`)
		.join(" ");
}

function suspicion(evidence: Evidence, place: Place): string[] {
	const { asked } = evidence;
	const { subjects, because } = suspects(evidence);
	const log = asked === undefined ? [] : [ASKED[asked]];
	if (subjects.length === 0) return log;
	const names = either(subjects.map((subject) => NAMES[subject]));
	return [
		`Most likely the relying party objects to ${names}: ${because}`,
		// What it has not fetched is the reason already.
		...(because === ASKED_NOTHING ? [] : log),
		adviceOn(subjects, place),
	];
}

const ASKED_NOTHING =
	"it has fetched neither this issuer's discovery document nor its keys";

const ASKED: Readonly<Record<Exclude<Asked, undefined>, string>> = {
	nothing: ASKED_NOTHING.replace(/^it/, "The relying party"),
	discovery:
		"The relying party has fetched this issuer's discovery document, but not the keys",
	keys: "The relying party has fetched this issuer's keys",
};

/** What is looked at before the claims are. */
const OF_FORM: ReadonlySet<Subject> = new Set<Subject>(["header", "sending"]);
/** One that fetches the keys is past it, most likely. */
const BEFORE_KEYS: ReadonlySet<Subject> = new Set<Subject>([
	"keys",
	...OF_FORM,
]);

/** Whom the evidence leaves, and which evidence that is. */
function suspects({ words, trials, asked }: Evidence): {
	subjects: Subject[];
	because: string;
} {
	const of = (subject: Subject) =>
		trials.filter((trial) => trial.subject === subject && !trial.mends);
	const isOther = (subject: Subject) =>
		of(subject).length > 0 && of(subject).every(({ isSame }) => !isSame);
	const spoken = SUBJECTS.filter(
		(subject) => SPEAKS[subject].test(words) && !isOther(subject),
	);
	if (spoken.length === 1)
		return { subjects: spoken, because: "its answer mentions it" };
	const others = SUBJECTS.filter(
		(subject) => isOther(subject) && !OF_FORM.has(subject),
	);
	const isTelling = others.length > 0;
	const isCured = trials.some(
		({ subject, mends }) => subject === "time" && mends,
	);
	const pool = (spoken.length > 1 ? spoken : SUBJECTS).filter(
		(subject) =>
			!isOther(subject) &&
			// Wider times did not help.
			!(subject === "time" && isCured && spoken.length === 0) &&
			!(asked === "keys" && BEFORE_KEYS.has(subject) && spoken.length === 0),
	);
	const without = pool.filter(
		(one) => BEFORE_KEYS.has(one) || one === "issuer",
	);
	if (asked === "nothing" && without.length > 0)
		return {
			subjects: without,
			because: ASKED_NOTHING,
		};
	if (isTelling)
		return {
			subjects: pool,
			because: `it gives another answer to a token in which ${either(others.map((one) => NAMES[one]))} is wrong`,
		};
	if (spoken.length > 1)
		return { subjects: spoken, because: "its answer mentions them" };
	return asked === "keys" || asked === "discovery"
		? {
				subjects: pool,
				because:
					"it has asked this issuer, and gives every token the same answer",
			}
		: { subjects: [], because: "" };
}

const SEE = "See that";

/** Whether a reason says already what is to be done. */
export const hasAdvice = (reason: string): boolean =>
	reason.includes(`. ${SEE} `);

function adviceOn(subjects: readonly Subject[], place: Place): string {
	const advice: Readonly<Record<Subject, string>> = {
		keys: "that it fetches the keys from this issuer, and has no keys of its own configured",
		issuer: `that it expects the issuer ${place.issuer}, written exactly so`,
		audience: `that it expects the audience ${place.audience}, or name with --audience the one that it expects`,
		time: "that its clock is right",
		policy: "that the profile describes a job that it lets in",
		header:
			"that it allows the algorithm RS256, which GitLab uses, and typ JWT",
		sending:
			"that the URL, the method and the place of {token} are those where it expects a token",
	};
	return `${SEE} ${subjects.map((subject) => advice[subject].replace(/^that /, "")).join("; that ")}`;
}

const either = (names: readonly string[]): string =>
	names.length < 2
		? names.join("")
		: `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
