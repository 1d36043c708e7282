// A relying party that is a program, run for each token: the token on stdin, the verdict by exit code.
import { PATHS } from "../../gitlab/discovery.js";
import type { Answer } from "../../verdict/answer.js";
import { enroll, release } from "../end-with-us.js";
import { keepHead } from "../kept-output.js";
import { createFamily, killFamily } from "../process-family.js";
import {
	commandText,
	endText,
	type ProcessGroup,
	startProcess,
} from "../process-group.js";
import type { Command } from "./config.js";
import { detailOf, echoOf, secondsSince } from "./detail.js";
import type { Presentation, PresentOptions, Target } from "./target.js";
import { isUtf8 } from "./template.js";

const KEPT = 16_384; // bytes of stdout and stderr, each

export interface CommandTargetOptions {
	/** seconds for one token, the program's start included */
	timeout: number;
	cwd?: string | undefined;
	/** beside the environment of this process */
	env?: Readonly<Record<string, string>> | undefined;
}

/** What a program gets to know beside the token. */
export const environmentOf = ({
	issuer,
	audience,
}: Presentation): Record<string, string> => ({
	OIDC_ISSUER: issuer,
	OIDC_JWKS_URI: `${issuer}${PATHS.keys}`,
	OIDC_AUDIENCE: audience,
});

/**
 * Runs `command` for each token. Exit code 0 is accepted, 1 rejected; it has crashed with another one or by a signal,
 * and hangs where it does not end in time.
 */
export function commandTarget(
	command: Command,
	{ timeout, cwd, env }: CommandTargetOptions,
): Target {
	const running = new Set<ProcessGroup>();
	// Of all runs together: to look for what each has left behind would take longer than many a run.
	const family = createFamily();
	enroll(family);
	let isClosed = false;

	async function present(
		presentation: Presentation,
		{ patience = 0 }: PresentOptions = {},
	): Promise<Answer> {
		const { token, scenario } = presentation;
		const begun = performance.now();
		const answer = (outcome: Answer["outcome"], text: string): Answer => ({
			outcome,
			detail: detailOf(text, token),
			duration: secondsSince(begun),
		});
		if (isClosed) return answer("crashed", "the target is closed");
		if (!isUtf8(token)) return answer("unsent", "the token has no UTF-8 form");
		const program = startProcess(command, {
			stdio: ["pipe", "pipe", "pipe"],
			env: {
				...environmentOf(presentation),
				...env,
				OIDC_SCENARIO: scenario,
			},
			cwd,
			family,
		});
		running.add(program);
		const { stdin, stdout, stderr } = program.child;
		const answered = stdout ? keepHead(stdout, KEPT) : () => "";
		const printed = stderr ? keepHead(stderr, KEPT) : () => "";
		stdin?.on("error", () => undefined); // it may decide without reading it all
		stdin?.end(token);
		let isLate = false;
		const limit = timeout + patience;
		const timer = setTimeout(() => {
			isLate = true;
			program.kill();
		}, limit * 1000);
		const end = await program.ended;
		clearTimeout(timer);
		running.delete(program);
		const said = isLate ? `no end within ${limit} s` : endText(end);
		const words = printed().trim();
		const text = words === "" ? said : `${said}: ${words}`;
		const outcome = isLate ? "hung" : (OUTCOMES[end.code ?? -1] ?? "crashed");
		const out = `${answered()}\n${printed()}`;
		return { ...answer(outcome, text), ...echoOf(out, token) };
	}

	return {
		description: `command: ${commandText(command)}`,
		present,
		async close() {
			isClosed = true;
			for (const program of running) program.kill();
			await Promise.all([...running].map(({ ended }) => ended));
			killFamily([family.mark], []);
			release(family);
		},
	};
}

const OUTCOMES: readonly Answer["outcome"][] = ["accepted", "rejected"]; // by exit code
