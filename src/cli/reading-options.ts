// The options of `jobs` that give a pipeline file what it needs from elsewhere: copies of includes, inputs.
import { type Command, InvalidArgumentError } from "commander";

export const withReadingOptions = (command: Command): Command =>
	command
		.option(
			"--include <what=path>",
			"a local copy of what it includes from elsewhere: project:group/name=FOLDER, component:host/group/project/name@1.0=FOLDER, remote:URL=FILE, template:NAME=FILE; repeatable",
			collectCopy,
		)
		.option(
			"--input <name=value>",
			"an input of the file's spec: inputs; repeatable",
			collectInput,
		)
		.option(
			"--secrets-manager <url>",
			"the OpenBao of GitLab Secrets Manager, whose URL is the audience of GitLab's own token for it",
		);

/** The last `=` parts them: an URL may have some of its own. */
function collectCopy(
	text: string,
	previous: Record<string, string> = {},
): Record<string, string> {
	const [, of, path] =
		/^((?:project|component|remote|template):.+)=([^=]+)$/s.exec(text) ?? [];
	if (of === undefined || path === undefined)
		throw new InvalidArgumentError(
			"Expected WHAT=PATH, WHAT as in project:group/name, component:…, remote:URL or template:NAME.",
		);
	return Object.fromEntries([...Object.entries(previous), [of, path]]);
}

function collectInput(
	text: string,
	previous: Record<string, string> = {},
): Record<string, string> {
	const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
	if (name === undefined || value === undefined)
		throw new InvalidArgumentError("Expected NAME=VALUE.");
	return Object.fromEntries([...Object.entries(previous), [name, value]]);
}
