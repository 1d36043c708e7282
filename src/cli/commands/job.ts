// job: a real token of GitLab's, read back into the job that makes the same claims here.
import { Command, Option } from "commander";
import { stringify } from "yaml";
import { MockError } from "../../errors.js";
import { anonymized } from "../../gitlab/anonymize.js";
import type { Claims } from "../../gitlab/claims.js";
import type { ClaimDifference } from "../../gitlab/compare-claims.js";
import { guessVersion, type VersionGuess } from "../../gitlab/guess-version.js";
import { jobOf } from "../../gitlab/read-claims.js";
import { safeText } from "../../safe-text.js";
import { readTextFile } from "../../text-file.js";
import { parseToken } from "../../token/parse.js";
import { readInput } from "../input.js";
import { EXIT, type Io, writeJson } from "../io.js";
import { jsonOption } from "../options.js";

interface JobOptions {
	fromToken: string;
	compare?: boolean;
	anonymize?: boolean;
	json?: boolean;
}

export function jobCommand(io: Io, exit: (code: number) => void): Command {
	return new Command("job")
		.description(
			"read a real ID token, expired or not, and write the job that makes the same claims here; the token is sent nowhere, and its signature is not shown",
		)
		.addOption(
			new Option(
				"--from-token <file>",
				"the file that has the token, or - for standard input",
			).makeOptionMandatory(),
		)
		.option(
			"--compare",
			"print, claim by claim, what differs here; exit code 1 if more than ids and times differ",
		)
		.option("--anonymize", "replace names, addresses, ids and commits")
		.addOption(jsonOption())
		.action(async (options: JobOptions) => exit(await job(options, io)));
}

async function job(options: JobOptions, io: Io): Promise<number> {
	const { fromToken: file, compare, anonymize, json } = options;
	const text = file === "-" ? await readInput(io) : await readTextFile(file);
	const parsed = parseToken(text.trim());
	if ("fault" in parsed) {
		throw new MockError(
			"invalid_request",
			`this is no ID token of GitLab's: ${parsed.fault}`,
		);
	}
	const claims: Claims = anonymize
		? anonymized(parsed.payload)
		: parsed.payload;
	const made = jobOf(claims);
	const guess = guessVersion(claims, made);
	const differences = guess.differences.filter(
		({ claim }) => !OF_THE_MOMENT.has(claim),
	);
	const { version } = guess;
	if (json) {
		const { iss: issuer, aud: audience } = claims;
		writeJson(io.stdout, {
			...{ issuer, audience, version, since: guess.since },
			...{ job: made, differences },
		});
	} else if (compare) {
		io.stdout.write(comparisonText(differences, guess));
	} else {
		io.stdout.write(jobText(claims, made, guess));
		for (const one of differences) io.stderr.write(`${lineOf(one)}\n`);
	}
	return compare && differences.length > 0 ? EXIT.failed : EXIT.fine;
}

/** What no two tokens have in common. */
const OF_THE_MOMENT: ReadonlySet<string> = new Set([
	...["jti", "iat", "nbf", "exp"],
]);

const versionText = ({ version, since }: VersionGuess) =>
	since === version
		? `GitLab ${version}`
		: `GitLab ${since} to ${version}, whose claims are the same`;

/** Part of a profile, or of an instance in `--config`. */
function jobText(
	{ iss, aud }: Claims,
	job: object,
	guess: VersionGuess,
): string {
	const settings = {
		audience: [aud].flat()[0],
		issuer: { gitlab_version: guess.version },
		job,
	};
	return [
		`# Like a token of ${safeText(String(iss), 200)}, ${versionText(guess)}.`,
		`# Its issuer: gitlab-oidc-mock serve --issuer ${safeText(String(iss), 200)} --gitlab-version ${guess.version}`,
		stringify(settings, { lineWidth: 0 }),
	].join("\n");
}

function comparisonText(
	differences: readonly ClaimDifference[],
	guess: VersionGuess,
): string {
	const head = `Held against ${versionText(guess)}:`;
	const lines =
		differences.length === 0
			? ["every claim is the same, in the same order, but for ids and times"]
			: differences.map(lineOf);
	return `${[head, ...lines].join("\n")}\n`;
}

const LONGEST = 300;

const lineOf = ({ claim, token, ours }: ClaimDifference): string =>
	claim === "order"
		? orderLine(token as string[], ours as string[])
		: `${safeText(claim, 80)}: the token has ${shown(token)}, here it is ${shown(ours)}`;

const shown = (value: unknown): string =>
	value === undefined
		? "no such claim"
		: safeText(JSON.stringify(value), LONGEST);

function orderLine(token: readonly string[], ours: readonly string[]): string {
	const at = token.findIndex((name, index) => name !== ours[index]);
	return `order: the token has ${safeText(token[at] ?? "", 80)} where here ${ours[at]} stands`;
}
