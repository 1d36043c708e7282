// The target that a profile describes.
import { commandTarget } from "./command.js";
import type { TargetConfig } from "./config.js";
import { httpTarget } from "./http.js";
import { linesTarget } from "./lines.js";
import type { Target } from "./target.js";

export interface TargetOptions {
	/** seconds for one answer */
	timeout: number;
	/** what `{port}` stands for */
	port?: number | undefined;
	/** HTTP connections at a time; default 200 */
	connections?: number | undefined;
	/** for HTTP: an authority to trust beside the ones that Node has, PEM */
	ca?: string | undefined;
	/** of programs */
	cwd?: string | undefined;
	/** of programs, beside the environment of this process */
	env?: Readonly<Record<string, string>> | undefined;
}

/**
 * The target of `config`. A program that reads lines starts with the first token.
 * @throws MockError `invalid_option` where `config` contradicts itself
 */
export function createTarget(
	config: TargetConfig,
	options: TargetOptions,
): Target {
	if ("http" in config) return httpTarget(config.http, options);
	if ("command" in config) return commandTarget(config.command, options);
	return linesTarget(config.lines, options);
}
