// What two lists of audiences show together: whether the relying party looks at one entry alone.
import type { ScenarioResult } from "./result.js";

const FIRST = "valid/aud-list-with-ours-first";
const LAST = "valid/aud-list-with-ours-last";

/**
 * What its reader should know: by the specs it may take both and may refuse both, and one that tells them apart reads
 * no list. Where the policy wants a single audience, what it lets in is a finding of its own.
 */
export function audienceListNote(
	results: readonly ScenarioResult[],
): string | undefined {
	const outcomeOf = (id: string) => {
		const result = results.find((one) => one.id === id);
		return result?.expected === "accepted" ? result.outcome : undefined;
	};
	const [first, last] = [outcomeOf(FIRST), outcomeOf(LAST)];
	const where =
		first === "accepted" && last === "rejected"
			? "first"
			: first === "rejected" && last === "accepted"
				? "last"
				: undefined;
	return (
		where &&
		`The RP accepts an array of audiences with ours as its ${where} entry, and refuses one with ours at the other end: it checks only the ${where} entry. RFC 7519 §4.1.3 lets ours count wherever it is in the array, and OpenID Connect Core §3.1.3.7 (3) requires an RP to refuse audiences that it does not trust. An RP that accepts only tokens for itself alone (audience: single in the policy) must refuse this one.`
	);
}
