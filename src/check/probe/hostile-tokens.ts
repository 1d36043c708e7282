// Probe of hostile tokens: after each the relying party must go on answering honest ones.
import type { ProvidedToken } from "../provider.js";
import { type Probe, said, unseen } from "./probe.js";
import { partsOf } from "./verdict-kept.js";

const PATIENCE = 2; // seconds in which something may start it anew

export const hostileTokens: Probe = {
	id: "probe/hostile-tokens",
	title: "still accepts honest tokens after hostile ones",
	level: "must",
	kind: "broken",
	impact: "robustness",
	gain: "Anyone takes the service down with one request.",
	spec: ["RFC 7519 §7.2", "RFC 8259 §9", "RFC 8725 §3.7"],
	waits: false,
	needs: [],
	async run({ mint, present, show, recovered, refresh }) {
		const honest = await mint();
		const first = await present(honest.token);
		if (first.outcome !== "accepted")
			return unseen(`an honest token was ${said(first)}`);
		const measured: Record<string, string> = {};
		for (const [name, make] of Object.entries(HOSTILE)) {
			const answer = await present(make(honest));
			measured[name] = answer.outcome;
			if (answer.outcome === "accepted")
				return {
					outcome: "failed",
					kind: "dangerous",
					impact: "forgery",
					gain: "Anyone gets in without a signature.",
					detail: `a token of ${name} was accepted`,
					measured,
				};
			const after = await show();
			if (after.outcome === "accepted") continue;
			const patience = Math.min(PATIENCE, refresh);
			const seconds = await recovered(patience);
			return {
				outcome: "failed",
				detail: `after a token of ${name}, which was ${said(answer)}, an honest one was ${said(after)}${seconds === undefined ? `, and none was accepted for ${patience} seconds` : ", and soon accepted again"}`,
				measured: { ...measured, honest: after.outcome },
			};
		}
		return {
			outcome: "passed",
			detail: `an honest token was accepted after each of ${Object.keys(measured).length} hostile ones`,
			measured,
		};
	},
};

const base64url = (content: string | Buffer) =>
	Buffer.from(content).toString("base64url");
const DEEP = 50_000; // levels
const MEBIBYTE = 1_048_576;

/** The header and the claims may each be read before the signature is. */
const withBoth = (content: string | Uint8Array) => (token: ProvidedToken) => {
	const { alg, kid } = token.header;
	const odd = (members: object) => {
		const start = JSON.stringify(members).slice(0, -1);
		return base64url(
			Buffer.concat([
				Buffer.from(`${start},"x":`),
				Buffer.from(content),
				Buffer.from("}"),
			]),
		);
	};
	const [, , signature] = partsOf(token);
	return `${odd({ alg, kid })}.${odd(token.claims)}.${signature}`;
};

// Attack: none of these is signed, and each is more, or other, than a parser may expect.
const HOSTILE: Readonly<Record<string, (token: ProvidedToken) => string>> = {
	"nothing but dots": () => ".".repeat(10_000),
	"JSON that is null": (token) =>
		`${base64url("null")}.${base64url("null")}.${partsOf(token)[2]}`,
	"JSON 50,000 levels deep": withBoth(`${"[".repeat(DEEP)}${"]".repeat(DEEP)}`),
	"JSON that never ends": withBoth('{"a":'.repeat(DEEP)),
	"a number of 100,000 digits": withBoth("9".repeat(100_000)),
	"NUL bytes": withBoth('"\0\0\0"'),
	"bad UTF-8": withBoth(Buffer.from([0x22, 0xff, 0xc0, 0x80, 0x22])),
	"half of a surrogate pair": withBoth('"\\ud800"'),
	"members of the prototype": withBoth(
		'{"__proto__":{"alg":"none"},"constructor":{"prototype":null}}',
	),
	"control characters": (token) => `\0\x1b[2J${token.token}\x7f`,
	"a mebibyte": (token) => {
		const [header, , signature] = partsOf(token);
		return `${header}.${"A".repeat(MEBIBYTE)}.${signature}`;
	},
};
