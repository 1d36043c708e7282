// One probe of a relying party that is a function, with a GitLab that is shared by a file's tests.
import { afterAll, beforeAll, expect } from "vitest";
import {
	type CheckOptions,
	type CheckResult,
	checkRelyingParty,
	type GitLab,
	startGitLab,
} from "../../../src/index.js";
import { relyingParty } from "../../rp.js";

export type Verify = CheckOptions["verify"];

const REFRESH = 0.4; // seconds: what does not come at once does not come

let gitlab: GitLab;

/** For each file that makes probes: one GitLab for its tests. A worker loads this module once for all files. */
export function shareGitLab(): void {
	beforeAll(async () => {
		gitlab = await startGitLab();
	});
	afterAll(() => gitlab.close());
}

/** The relying party of test/rp.ts; `cached: false` forgets the keys after every token. */
export function correct({ cached = true, late = 0 } = {}): Verify {
	let judge: ReturnType<typeof relyingParty> | undefined;
	return async (token, { issuer, audience }) => {
		judge ??= relyingParty({
			issuer,
			audience,
			now: () => Date.now() / 1000 - late,
			patience: 10_000,
		});
		const used = judge;
		if (!cached) judge = undefined;
		const fault = await used(token);
		if (fault !== undefined) throw new Error(fault);
	};
}

/** Makes one probe, with the controls that go with it. */
export async function probe(
	id: string,
	verify: Verify,
	options: Partial<CheckOptions> = {},
): Promise<CheckResult["probes"][number] & { result: CheckResult }> {
	const result = await checkRelyingParty({
		gitlab,
		verify,
		only: [`probe/${id}`],
		limits: { refresh: REFRESH },
		...options,
	});
	const made = result.probes.filter(({ outcome }) => outcome !== "skipped");
	expect(made.map((one) => one.id)).toEqual([`probe/${id}`]);
	return { ...(made[0] as CheckResult["probes"][number]), result };
}

export const payloadOf = (token: string) =>
	JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
export const headerOf = (token: string) =>
	JSON.parse(Buffer.from(token.split(".")[0] ?? "", "base64url").toString());

/** A correct one that lets clocks differ by so many seconds. */
export const withLeeway =
	(seconds: number): Verify =>
	async (token, { issuer, audience }) => {
		const now = Date.now() / 1000;
		const { exp, nbf, iat } = payloadOf(token);
		// Each claim is moved by the leeway before the strict one looks at it.
		const offset = exp <= now ? seconds : nbf > now || iat > now ? -seconds : 0;
		const judge = relyingParty({
			issuer,
			audience,
			now: () => now - offset,
			patience: 10_000,
		});
		const fault = await judge(token);
		if (fault !== undefined && fault !== "not-before") throw new Error(fault);
		if (fault === "not-before" && offset <= 0) throw new Error(fault);
	};
