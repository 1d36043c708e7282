// check --compare: what is new and what is gone since an earlier JSON report.
import { MockError } from "../../errors.js";
import { issueText } from "../../scenario/schema-issue.js";
import { readTextFile } from "../../text-file.js";
import { type Compared, earlierSchema } from "../../verdict/compare.js";

const LARGEST = 64 * 1024 * 1024; // bytes: with whole tokens

/**
 * Reads a JSON report.
 * @throws MockError `file` where there is none
 */
export async function readEarlier(file: string): Promise<Compared> {
	const name = `--compare ${file}`;
	const text = await readTextFile(file, { largest: LARGEST, name });
	let given: unknown;
	try {
		given = JSON.parse(text);
	} catch {
		throw new MockError("file", `${name}: this is not JSON; ${WANTED}`);
	}
	const read = earlierSchema.safeParse(given);
	if (read.success) return read.data;
	throw new MockError(
		"file",
		`${name}: ${issueText(read.error, "as a whole")}; ${WANTED}`,
	);
}

const WANTED = "expected what `check --report json=FILE` wrote";
