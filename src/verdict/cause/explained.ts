// From an explanation to a cause as the result has it: with the worst that it explains.
import { parseNearId } from "../../scenario/near/id.js";
import { IMPACTS, LEVELS } from "../../scenario/severity.js";
import { isEveryProject } from "../every-project.js";
import { KINDS } from "../kinds.js";
import type { Cause, CheckFinding } from "../result.js";
import type { CheckWords } from "./checks.js";

/** A mistake that explains some findings. */
export interface Explained extends CheckWords {
	id: string;
	ids: readonly string[];
}

/** A finding that is its own cause. */
export const itself = (finding: CheckFinding): Explained => ({
	id: finding.id,
	ids: [finding.id],
	sentence: isEveryProject(finding.id)
		? `${finding.title}.`
		: `${finding.title.replace(/\.$/, "")}: ${finding.kind === "dangerous" ? "accepted" : finding.actual.replace(/\.$/, "")}.`,
	attack: finding.gain,
	remedy: finding.remedy,
});

/** The cause that an explanation is. */
export function causeOf(
	{ id, ids, sentence, attack, remedy }: Explained,
	byId: ReadonlyMap<string, CheckFinding>,
): Cause {
	const found = ids
		.flatMap((one) => byId.get(one) ?? [])
		.sort(
			(a, b) =>
				Number(b.fails) - Number(a.fails) ||
				IMPACTS.indexOf(a.impact) - IMPACTS.indexOf(b.impact) ||
				LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level) ||
				// What GitLab issues shows more than what only its key could sign, and a file more than a near miss.
				Number(a.only_if !== null) - Number(b.only_if !== null) ||
				Number(isNear(a)) - Number(isNear(b)) ||
				a.id.length - b.id.length,
		);
	const worst = found[0] as CheckFinding;
	const { kind, impact, level } = worst;
	return {
		...{ id, kind, impact, level, sentence, attack, remedy },
		fails: found.some(({ fails }) => fails),
		example: worst.id,
		findings: found.map((finding) => finding.id),
	};
}

const isNear = ({ id }: CheckFinding) => parseNearId(id) !== undefined;

/** What fails the run comes first. */
export const worstFirst = (a: Cause, b: Cause): number =>
	Number(b.fails) - Number(a.fails) ||
	KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) ||
	IMPACTS.indexOf(a.impact) - IMPACTS.indexOf(b.impact) ||
	b.findings.length - a.findings.length ||
	(a.id < b.id ? -1 : 1);
