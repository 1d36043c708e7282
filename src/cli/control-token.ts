// The secret that changes need, as an option or in a file.
import { MockError } from "../errors.js";
import { readTextFile } from "../text-file.js";

const LARGEST = 4096; // bytes

/**
 * The control token that the options name; undefined where they name none.
 * @throws MockError `invalid_option` where the file is empty or has several lines, `file`, `too_large`
 */
export async function controlToken(options: {
	controlToken?: string;
	controlTokenFile?: string;
}): Promise<string | undefined> {
	const { controlTokenFile: file } = options;
	if (file === undefined) return options.controlToken;
	const token = (await readTextFile(file, { largest: LARGEST })).replace(
		/\r?\n$/,
		"",
	);
	if (token === "" || /[\r\n]/.test(token))
		throw new MockError(
			"invalid_option",
			`--control-token-file: expected one line, the secret, in ${file}`,
		);
	return token;
}
