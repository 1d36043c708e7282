// The tokens that GitLab makes for a job without id_tokens: no variable holds them as they are.
import type { Job } from "../gitlab/job.js";
import { atLeast } from "../gitlab/version.js";
import { type Place, pipelineError, placeText, shown } from "./place.js";
import type { Surroundings } from "./predefined.js";
import {
	type Entry,
	isMapping,
	type Mapping,
	memberOf,
	scalarText,
} from "./value.js";
import { inherits } from "./variables.js";

/** A token of GitLab's own making. */
export interface HiddenToken {
	/** what in the file implies it */
	what: "identity: google_cloud" | "secrets: gitlab_secrets_manager";
	/** null: not known here */
	aud: string | null;
	targetAudience: string | null;
}

/** What a job has to do with such tokens. */
interface Implying {
	name: string;
	/** where `identity: google_cloud` is */
	identity: Place | undefined;
	/** where the first secret of GitLab Secrets Manager is */
	secretOfGitLab: Place | undefined;
}

/** `identity: google_cloud`, of the job or by default. */
export function readIdentity(
	config: Mapping,
	standard: Entry | undefined,
	job: string,
): Place | undefined {
	const own = memberOf(config, "identity");
	const usual =
		isMapping(standard?.value) && inherits(config, "default", "identity")
			? memberOf(standard.value, "identity")
			: undefined;
	const identity = own ?? usual;
	if (!identity) return undefined;
	if (identity.value === "google_cloud") return identity.place;
	throw pipelineError(
		identity.place,
		`identity is "${shown(scalarText(identity.value) ?? "")}", not google_cloud`,
		job,
	);
}

/** GitLab's broker for Google Cloud: it takes this token, and hands out one for `target_audience`. */
const GOOGLE_BROKER = "https://auth.gcp.gitlab.com";

/** In GOOGLE_APPLICATION_CREDENTIALS and CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE, both files: its Authorization. */
function googleToken(
	{ identity, name }: Implying,
	job: Job,
	version: string,
	warn: (line: string) => void,
): HiddenToken[] {
	if (!identity) return [];
	const tell = (message: string) =>
		warn(`${placeText(identity)}: job "${shown(name)}": ${message}`);
	if (!atLeast(version, "16.10")) {
		tell(`identity needs GitLab 16.10, and this is ${version}`);
		return [];
	}
	if (job.target_audience === null) {
		tell(
			"identity: without the project's Google Cloud integration GitLab makes no token; give its provider with --set target_audience=//iam.googleapis.com/projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/PROVIDER",
		);
		return [];
	}
	return [
		{
			what: "identity: google_cloud",
			aud: GOOGLE_BROKER,
			targetAudience: job.target_audience,
		},
	];
}

/** Its audience is the URL of the instance's OpenBao, or GitLab's setting `openbao.jwt_audience`. */
function secretsManagerToken(
	{ secretOfGitLab: ofGitLab, name }: Implying,
	{ version, secretsManager }: Surroundings,
	warn: (line: string) => void,
): HiddenToken[] {
	if (!ofGitLab) return [];
	const tell = (message: string) =>
		warn(`${placeText(ofGitLab)}: job "${shown(name)}": ${message}`);
	if (!atLeast(version, "18.3")) {
		tell(`gitlab_secrets_manager needs GitLab 18.3, and this is ${version}`);
		return [];
	}
	if (secretsManager === undefined) {
		tell(
			"gitlab_secrets_manager: the audience of GitLab's own token is the URL of its OpenBao; give it with --secrets-manager URL",
		);
	}
	return [
		{
			what: "secrets: gitlab_secrets_manager",
			aud: secretsManager ?? null,
			targetAudience: null,
		},
	];
}

/** The tokens that a job implies. */
export const hiddenTokens = (
	described: Implying,
	job: Job,
	surroundings: Surroundings,
	warn: (line: string) => void,
): HiddenToken[] => [
	...googleToken(described, job, surroundings.version, warn),
	...secretsManagerToken(described, surroundings, warn),
];
