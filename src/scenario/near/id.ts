// The name of one near miss: `near/prefix:project_path`, with what else is needed to make it again.

/** One near miss. */
export interface NearId {
	/** the file of its way: `near/prefix` */
	file: string;
	/** a claim's name, or a JSON pointer into one */
	claim: string;
	/** which of the values that the way makes, from 0 */
	index: number;
	/** the wanted value, where it is not that of the honest token */
	wanted?: string | undefined;
}

/** `near/prefix:project_path`, then `:2` for the way's second value, then `=TEXT` for another wanted one. */
export const formatNearId = ({ file, claim, index, wanted }: NearId): string =>
	`${file}:${claim}${index > 0 ? `:${index + 1}` : ""}${wanted === undefined ? "" : `=${wanted}`}`;

/** What a name means; undefined where it is that of a plain scenario. */
export function parseNearId(name: string): NearId | undefined {
	const parts = /^([^:]*):([^=]+?)(?::(\d{1,3}))?(?:=(.*))?$/s.exec(name);
	if (!parts) return undefined;
	const [, file = "", claim = "", number = "1", wanted] = parts;
	return { file, claim, index: Number(number) - 1, wanted };
}
