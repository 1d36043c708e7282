// What an answer says of itself: one safe line without the token.
import { cutToken, safeText } from "../../safe-text.js";

const LONGEST = 300; // characters
const SHORT = 12; // characters of a text too short to be a token

/** `text` as an answer's detail. An RP may echo the token in any form; this very one is cut in any case. */
export function detailOf(text: string, token: string): string {
	const without =
		token.length > SHORT ? text.replaceAll(token, () => cutToken(token)) : text;
	return safeText(without, LONGEST);
}

const SHORTEST_PART = 16; // characters: less is found by chance

/** `echoed` of an answer that says `text`. */
export const echoOf = (text: string, token: string): { echoed?: true } =>
	echoes(text, token) ? { echoed: true } : {};

/** Whether `text` repeats the token: the whole, or its claims or its signature as they stand in it. */
export function echoes(text: string, token: string): boolean {
	const [, payload = "", signature = ""] = token.split(".", 3);
	return [token, payload, signature].some(
		(part) => part.length >= SHORTEST_PART && text.includes(part),
	);
}

/** Seconds since `begun`, a time of `performance.now()`. */
export const secondsSince = (begun: number): number =>
	(performance.now() - begun) / 1000;
