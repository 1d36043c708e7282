// The command line of a check, to be made again for one scenario.
import { shellWord } from "../shell-word.js";

/** What chooses, reports or keeps, and so has no place in it; `1` where a value follows. */
const DROPPED: Readonly<Record<string, 0 | 1>> = {
	"--only": 1,
	"--skip": 1,
	"--level": 1,
	"--report": 1,
	"--sarif-file": 1,
	"--compare": 1,
	"--quick": 0,
	"--details": 0,
	"--show-tokens": 0,
	"--update-known": 0,
};

/** Nothing that is to be kept to oneself gets into a report. */
const SECRET = "--control-token";

/**
 * @param args those of the command, after its name
 * @returns the command that asks a scenario or probe alone, and shows its token
 */
export function checkAgain(args: readonly string[]): (id: string) => string {
	const kept: string[] = [];
	for (let at = 0; at < args.length; at += 1) {
		const arg = args[at] ?? "";
		const [name = ""] = arg.split("=", 1);
		const follows = arg === name;
		if (Object.hasOwn(DROPPED, name)) {
			if (follows && DROPPED[name] === 1) at += 1;
		} else if (name === SECRET) {
			if (follows) at += 1;
			kept.push(`${SECRET} SECRET`);
		} else kept.push(shellWord(withoutPassword(arg)));
	}
	return (id) =>
		[
			...["gitlab-oidc-mock check", ...kept],
			...["--only", shellWord(id), "--details --show-tokens"],
		].join(" ");
}

const withoutPassword = (arg: string): string =>
	arg.replace(/(\/\/[^/\s:@]*:)[^/\s@]+@/g, "$1SECRET@");
