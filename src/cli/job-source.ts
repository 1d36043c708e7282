// Where `jobs` gets jobs and tokens from: a running server, or this process with a key file.
import { MockError } from "../errors.js";
import { LATEST_VERSION, parseVersion } from "../gitlab/version.js";
import type { IssuedJobs } from "../server/pipeline/issue.js";
import type { Host, PipelineSource } from "../server/pipeline/jobs.js";
import type { SituationText } from "../server/pipeline/situation.js";
import { parseAnswer } from "../server-client.js";
import { ask } from "./ask.js";
import { DEFAULT_SERVER } from "./options.js";

/** The options that say who issues. */
export interface JobsHost {
	server?: string;
	keys?: string;
	issuer?: string;
	gitlabVersion?: string;
	scenarios?: string[];
}

/** The server gets the file, and what it includes; it reads nothing of this machine. */
export async function jobsFromServer(
	source: PipelineSource,
	job: string | undefined,
	situation: SituationText,
	options: JobsHost,
): Promise<IssuedJobs> {
	const { recordedCopies, recordedFiles } = await import(
		"../server/pipeline/given-files.js"
	);
	const { planJobs } = await import("../server/pipeline/jobs.js");
	const { files, used, found } = recordedFiles(source.files);
	const { copies, used: copied } = recordedCopies(source.copies ?? new Map());
	const host = await hostOf(options);
	let leftOut: MockError | undefined;
	const read = (on: SituationText) =>
		planJobs({ ...source, files, copies }, job, on, host).then(
			() => true,
			(error) => {
				if (!(error instanceof MockError)) return false;
				if (KEPT.has(error.code)) throw error;
				// Its rules were asked; the server, whose version may be another, has the last word.
				if (error.code === "not_applicable") leftOut = error;
				return error.code === "not_applicable";
			},
		);
	const { scenario, set, ...rest } = situation;
	// Only the server knows which scenarios it has. What it may ask of the files is not known then.
	const known = await read(situation);
	if (!known) await read(rest);
	const answer = await ask(options.server, "/_mock/jobs", {
		method: "POST",
		body: {
			file: source.text,
			path: source.path,
			includes: used(),
			paths: known ? found() : undefined,
			copies: copied(),
			job,
			situation,
		},
	}).catch((error) => {
		throw leftOut ?? error;
	});
	const issued = parseAnswer(answer, "the server's answer") as IssuedJobs;
	if (!Array.isArray(issued?.warnings) || !Array.isArray(issued.jobs))
		throw new MockError(
			"unreachable",
			"what the server answered is not of a gitlab-oidc-mock",
		);
	const older = { situation: "it", left_out: [], no_pipeline: null };
	return { ...older, ...issued };
}

/** What is wrong with a file is so on every server. */
const KEPT = new Set(["invalid_pipeline", "unknown_job", "too_large", "file"]);

async function hostOf(options: JobsHost): Promise<Host> {
	const [{ loadCatalogue, BUILT_IN }, { parseIssuer }] = await Promise.all([
		import("../scenario/catalogue.js"),
		import("../gitlab/issuer.js"),
	]);
	const { issuer, server = DEFAULT_SERVER, gitlabVersion, scenarios } = options;
	return {
		catalogue: await loadCatalogue([BUILT_IN, ...(scenarios ?? [])]),
		issuer:
			issuer === undefined ? server.replace(/\/$/, "") : parseIssuer(issuer),
		version:
			gitlabVersion === undefined
				? LATEST_VERSION
				: parseVersion(gitlabVersion),
	};
}

export async function jobsOffline(
	source: PipelineSource,
	job: string | undefined,
	situation: SituationText,
	options: JobsHost,
): Promise<IssuedJobs> {
	const host = await hostOf(options);
	if (options.keys === undefined || job === undefined) {
		const { planJobs } = await import("../server/pipeline/jobs.js");
		const { toldJobs } = await import("../server/pipeline/issue.js");
		return toldJobs(await planJobs(source, job, situation, host));
	}
	const [
		{ issueJobTokens },
		{ readKeyFile },
		{ systemClock },
		{ DEFAULT_AUDIENCE },
	] = await Promise.all([
		import("../server/pipeline/issue.js"),
		import("../token/key-file.js"),
		import("../clock.js"),
		import("../scenario/audience.js"),
	]);
	const mint = {
		...host,
		plan: "ultimate" as const,
		audience: DEFAULT_AUDIENCE,
		clock: systemClock,
		keys: await readKeyFile(options.keys),
	};
	return issueJobTokens(mint, source, job, situation);
}
