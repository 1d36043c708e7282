// What has to be undone at the end of a check, however it ends: side by side, and nobody waits long for what hangs.
import { messageOf } from "../errors.js";

/** What is to be undone. */
export interface Tidying {
	/** @param what it is about, for whoever is told that it failed */
	add(what: string, undo: () => Promise<unknown>): void;
	/** Undoes everything. What fails, or takes longer than a few seconds, is told and given up. */
	all(): Promise<void>;
}

const PATIENCE = 5; // seconds: less than a job has between being told to end and being ended

export function createTidying(tell: (line: string) => void): Tidying {
	const steps: [what: string, undo: () => Promise<unknown>][] = [];
	return {
		add: (what, undo) => void steps.push([what, undo]),
		async all() {
			await Promise.all(
				steps.splice(0).map(async ([what, undo]) => {
					const fault = await faultOf(undo);
					if (fault !== undefined) tell(`${what}: ${fault}`);
				}),
			);
		},
	};
}

/** Why it did not work; undefined where it did. */
async function faultOf(
	undo: () => Promise<unknown>,
): Promise<string | undefined> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<string>((resolve) => {
		const text = `it took longer than ${PATIENCE} seconds, and was given up`;
		timer = setTimeout(resolve, 1000 * PATIENCE, text);
	});
	const done = async () => {
		try {
			await undo();
			return undefined;
		} catch (error) {
			return messageOf(error);
		}
	};
	const fault = await Promise.race([done(), late]);
	clearTimeout(timer);
	return fault;
}
