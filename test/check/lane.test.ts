// What waits runs beside the rest: at a running server too, and one after another where the relying party has fixed settings.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Provider } from "../../src/check/provider.js";
import { runCheck } from "../../src/check/run.js";
import { MockError } from "../../src/errors.js";
import { providerOf } from "../../src/harness/local.js";
import { remoteProvider } from "../../src/harness/remote.js";
import { type GitLab, startGitLab } from "../../src/index.js";
import { relyingPartyOf } from "../../src/relying-party/open.js";
import type { RelyingParty } from "../../src/relying-party/relying-party.js";
import { correctParty } from "../correct-party.js";

const AUDIENCE = "https://rp.example.com";
const ONE_BY_ONE = /^What waits was asked one after another.*/;

let gitlab: GitLab;
beforeAll(async () => {
	gitlab = await startGitLab();
});
afterAll(() => gitlab.close());

/** A relying party and its copies, which are counted; `issuer` as if it stood in its settings. */
function party(issuer?: string) {
	const count = { opened: 0, closed: 0, shown: 0 };
	const open = (trusted: string): RelyingParty => {
		const { verify, restart } = correctParty({ issuer: trusted });
		const one = relyingPartyOf(verify, { restart });
		return {
			...one,
			async close() {
				count.closed += 1;
				await one.close();
			},
		};
	};
	const whole: RelyingParty = {
		...open(issuer ?? gitlab.issuer),
		async copy(given) {
			count.opened += 1;
			const copy = open(issuer ?? given.issuer);
			return {
				...copy,
				present(...presented) {
					count.shown += 1;
					return copy.present(...presented);
				},
			};
		},
	};
	return { whole, count };
}

async function run(provider: Provider, { whole }: ReturnType<typeof party>) {
	const result = await runCheck({
		profile: { audience: AUDIENCE },
		provider,
		party: whole,
		selection: {
			only: [
				"instance/jwks-500",
				"instance/jwks-empty",
				"instance/jwks-with-private-members",
				"instance/discovery-jwks-uri-elsewhere",
			],
		},
		version: "test",
	});
	expect(result.reason).toBeNull();
	expect(result.findings.filter(({ fails }) => fails)).toEqual([]);
	const asked = result.scenarios.filter(({ outcome }) => outcome !== "skipped");
	// What is expected is judged by the keys of the issuer that made the token, whichever lane it was.
	expect(
		asked.map(({ id, expected, outcome }) => [id, expected, outcome]),
	).toEqual([
		["instance/discovery-jwks-uri-elsewhere", "accepted", "accepted"],
		["instance/jwks-500", "either", "rejected"],
		["instance/jwks-empty", "either", "rejected"],
		["instance/jwks-with-private-members", "accepted", "accepted"],
	]);
	return result;
}

/** How often faults were put on the GitLab at the root. */
const played = () =>
	gitlab.requests.list({ path: "/_mock/faults", method: "PUT" }).length;

const instances = async () => {
	const answer = await fetch(`${gitlab.url}/_mock/instances`);
	return ((await answer.json()) as { instances: [] }).instances;
};

describe("at a running server", () => {
	test("what waits has an instance there, which is gone at the end", async () => {
		const before = played();
		const rp = party();
		const provider = await remoteProvider(gitlab.url, {});
		const { notes } = await run(provider, rp);
		expect(notes.filter((note) => ONE_BY_ONE.test(note))).toEqual([]);
		expect(rp.count.shown).toBeGreaterThan(2);
		expect(rp.count.closed).toBe(rp.count.opened);
		expect(played() - before).toBe(1); // none are on, says the run at its end
		expect(await instances()).toEqual([]);
		await provider.close();
	});

	test("what is left of a run that was stopped is dropped", async () => {
		const provider = await remoteProvider(gitlab.url, {});
		const beside = await provider.fork?.();
		await beside?.setFaults({ "/oauth/discovery/keys": { status: 500 } });
		expect(await instances()).toHaveLength(1);
		await provider.close();
		expect(await instances()).toEqual([]);
		expect(gitlab.faults.current()).toEqual({});
	});

	test("that makes no instances, it is done in front, and told", async () => {
		const before = played();
		const provider: Provider = {
			...(await remoteProvider(gitlab.url, {})),
			fork: async () => {
				throw new MockError("invalid_request", "there are too many instances");
			},
		};
		const { notes } = await run(provider, party());
		expect(notes).toContain(
			"What waits was asked one after another, and not beside the rest: there are too many instances",
		);
		expect(played() - before).toBeGreaterThan(2);
		await provider.close();
	});
});

describe("a relying party with fixed settings", () => {
	test("refuses the tokens of the other issuer: it is done in front, and told", async () => {
		const rp = party(gitlab.issuer);
		const provider = providerOf(gitlab, "19.1", async () => {
			const beside = await gitlab.instance();
			return providerOf(beside, "19.1");
		});
		const { notes } = await run(provider, rp);
		const told = notes.filter((note) => ONE_BY_ONE.test(note));
		expect(told).toHaveLength(1);
		expect(told[0]).toContain("reads its settings from somewhere else");
		expect(rp.count.opened).toBeGreaterThan(0);
		expect(rp.count.closed).toBe(rp.count.opened);
	});
});
