// The library's check: a relying party that is a function, in the same process.

import { z } from "zod";
import { checkedProfile, type Profile } from "../check/profile.js";
import type { Provider } from "../check/provider.js";
import { runCheck } from "../check/run.js";
import type { CheckSetup } from "../check/setup.js";
import { MockError } from "../errors.js";
import { parseVersion } from "../gitlab/version.js";
import { type InCamelCase, inSnakeCase } from "../option-names.js";
import { relyingPartyOf } from "../relying-party/open.js";
import type { RelyingParty } from "../relying-party/relying-party.js";
import type { Verify } from "../relying-party/target/function.js";
import { DEFAULT_AUDIENCE } from "../scenario/audience.js";
import { issueText } from "../scenario/schema-issue.js";
import { LEVELS } from "../scenario/severity.js";
import type { GitLab } from "../server/start-gitlab.js";
import type { Selection } from "../verdict/applicable.js";
import { FAIL_ON } from "../verdict/kinds.js";
import type { Policy } from "../verdict/policy/schema.js";
import type { CheckResult } from "../verdict/result.js";
import type { Severity } from "../verdict/severity.js";
import { VERSION } from "../version.js";
import { localProvider, providerOf } from "./local.js";

/** What a relying party demands of claims. */
export type PolicyOptions = InCamelCase<Omit<Policy, "expression">>;

/** What is checked, and how. */
export interface CheckOptions
	extends Omit<
			InCamelCase<Profile>,
			"target" | "start" | "server" | "issuer" | "policy"
		>,
		Selection,
		Severity {
	/** the issuer that the check brings up */
	issuer?: InCamelCase<NonNullable<Profile["issuer"]>> | undefined;
	/** what the relying party demands of claims, beyond what every token must satisfy */
	policy?: PolicyOptions | undefined;
	/**
	 * The relying party: resolves for a token that it lets in (to anything but `false`), throws or gives `false` for
	 * one that it refuses.
	 */
	verify: Verify;
	/** Makes it forget what it has fetched. With it, scenarios are played to a cold cache. */
	restart?: (() => unknown) | undefined;
	/** a GitLab that runs already, whose tokens the relying party trusts; default one of the check's own */
	gitlab?: GitLab | undefined;
	/** tokens at once; default 4 */
	concurrency?: number | undefined;
	/** whether findings have the whole token; default false */
	showTokens?: boolean | undefined;
	/** folders of scenarios of one's own */
	scenarios?: readonly string[] | undefined;
	onProgress?: CheckSetup["onProgress"];
}

/**
 * Fires the catalogue and the probes at a relying party, and says what it wrongly accepts or refuses.
 *
 * @example
 * const result = await checkRelyingParty({
 *   verify: (token, { issuer }) => verifier.verify(token, issuer),
 *   policy: { claims: { project_path: "acme/app", ref_protected: "true" } },
 *   job: { project: { path: "acme/app" } },
 * });
 * expect(result.conclusion).toBe("conforms");
 *
 * @throws MockError where the options do not fit
 */
export async function checkRelyingParty(
	options: CheckOptions,
): Promise<CheckResult> {
	const opened = await openCheck(options);
	try {
		return await runCheck(opened.setup);
	} finally {
		await opened.close();
	}
}

const ids = z.array(z.string().min(1)).optional();

const choicesSchema = z.object({
	only: ids,
	skip: ids,
	level: z.enum(LEVELS).optional(),
	quick: z.boolean().optional(),
	strict: z.boolean().optional(),
	failOn: z.array(z.enum(FAIL_ON)).optional(),
	concurrency: z.int().min(1).max(1000).optional(),
	showTokens: z.boolean().optional(),
	scenarios: z.array(z.string()).optional(),
});

/** The parts of a check with a function. */
export interface OpenedCheck {
	setup: CheckSetup & { provider: Provider; party: RelyingParty };
	close(): Promise<void>;
}

/** Brings up what a check needs. */
export async function openCheck(options: CheckOptions): Promise<OpenedCheck> {
	const {
		verify,
		restart,
		gitlab,
		concurrency,
		showTokens,
		scenarios,
		onProgress,
		only,
		skip,
		level,
		quick,
		strict,
		failOn,
		...rest
	} = options;
	const choices = choicesSchema.safeParse({
		...{
			only,
			skip,
			level,
			quick,
			strict,
			failOn,
			concurrency,
			showTokens,
			scenarios,
		},
	});
	if (!choices.success) {
		throw new MockError("invalid_option", issueText(choices.error, "options"));
	}
	const profile = checkedProfile(inWordsOfFiles(rest));
	const whole = { ...profile, audience: profile.audience ?? DEFAULT_AUDIENCE };
	const provider = gitlab
		? borrowed(gitlab, whole)
		: await localProvider(whole, { scenarios });
	const { timeout } = profile.limits ?? {};
	const party = relyingPartyOf(verify, { timeout, restart, concurrency });
	return {
		setup: {
			profile: whole,
			provider,
			party,
			selection: { only, skip, level, quick },
			severity: { strict, failOn },
			concurrency,
			showTokens,
			onProgress,
			version: VERSION,
			again: (id) =>
				`checkRelyingParty({ …, only: [${JSON.stringify(id)}], showTokens: true })`,
		},
		async close() {
			await party.close();
			await provider.close();
		},
	};
}

function inWordsOfFiles({
	issuer,
	policy,
	...rest
}: Omit<CheckOptions, "verify" | keyof Selection | keyof Severity>): object {
	const named = <Options extends object>(
		options: InCamelCase<Options>,
		what: string,
	) =>
		typeof options === "object" && options !== null
			? inSnakeCase<Options>(options, what)
			: options;
	return {
		...inSnakeCase(rest, "options"),
		...(issuer !== undefined && { issuer: named(issuer, "options.issuer") }),
		...(policy !== undefined && { policy: named(policy, "options.policy") }),
	};
}

/** A GitLab of the user's, which goes on running and has a baseline job of its own. */
function borrowed(gitlab: GitLab, profile: Profile): Provider {
	const version = parseVersion(profile.issuer?.gitlab_version ?? "latest");
	const provider = providerOf(gitlab, version);
	const faults = gitlab.faults.current();
	return {
		...provider,
		mint: (scenario, wishes) =>
			gitlab.mint(scenario, { baseline: profile.job, ...wishes }),
		async close() {
			gitlab.faults.set(faults);
			await provider.restoreKeys();
		},
	};
}
