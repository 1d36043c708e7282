// Correct relying parties on libraries of others: nothing that the specs forbid gets in, and every finding is explained.
import { describe, expect, test } from "vitest";
import { checkRelyingParty } from "../../src/index.js";
import { BOUND, CORRECT } from "./correct.js";

/** Why a finding is no hole: by scenario, or by family with a star. */
const EXPLAINED: readonly [pattern: RegExp, because: string][] = [
	[
		/^header\/(typ-|access-|logout-|security-)/,
		"typ is only recommended to be looked at (RFC 8725 §3.11)",
	],
	[/^claims\/sub-/, "nothing here decides by sub"],
	[
		/^token-type\//,
		"the claims that it is bound to are there; of sub it asks nothing",
	],
	[
		/^time\/(exp-1e308|exp-in-milliseconds|lifetime-)/,
		"no limit on the lifetime is asked for, and GitLab would not sign it",
	],
	[/^time\/iat-/, "iat is not looked at unless a greatest age is asked for"],
	[
		/^encoding\/(non-canonical|standard-base64|trailing-newline|utf-8-bom|invalid-utf-8)/,
		"Node's decoders are lenient; the signed bytes are the same",
	],
	[
		/^key\/(exponent-one-key|rsa-1024)/,
		"the issuer itself would have to publish such a key",
	],
	[
		/^key\/key-with-use-enc/,
		"the use of a key is not handed on to the verifier",
	],
	[
		/^algorithm\/es256-with-published-ec-key/,
		"the key says which algorithm it is for",
	],
];

describe.each(CORRECT)("$library", ({ start }) => {
	test("has no finding but those that are explained", {
		timeout: 60_000,
	}, async () => {
		let verify = start();
		const result = await checkRelyingParty({
			verify: (token, place) => verify(token, place),
			restart() {
				verify = start();
			},
			policy: { claims: BOUND },
			skip: ["probe"],
		});
		expect(result.reason).toBeNull();
		expect(result.controls.accepted).toBe(result.controls.sent);
		const forbidden = result.findings.filter(({ level }) => level === "must");
		expect(forbidden).toEqual([]);
		const unexplained = result.findings.filter(
			({ id }) => !EXPLAINED.some(([pattern]) => pattern.test(id)),
		);
		expect(unexplained).toEqual([]);
		expect(result.conclusion).toBe("conforms");
		// It was asked, and it did say yes and no.
		const outcomes = result.scenarios.map(({ outcome }) => outcome);
		const count = (wanted: string) =>
			outcomes.filter((outcome) => outcome === wanted).length;
		expect(count("accepted")).toBeGreaterThan(30);
		expect(count("rejected")).toBeGreaterThan(200);
	});
});
