// What waits runs beside the rest: on an instance and a copy of the relying party of its own.
import { besides, type Run } from "./context.js";
import { ProvesNothing } from "./control.js";

const READY = 5; // seconds until the copy says yes or no

/** A run beside the run. */
export interface Lane {
	run: Run;
	close(): Promise<void>;
}

/** Whether one can be had at all. */
export const hasLanes = ({ setup }: Run): boolean =>
	setup.provider.fork !== undefined && setup.party.copy !== undefined;

/**
 * Opens one.
 * @returns undefined where the copy does not accept the other instance's honest token: it has its issuer from
 *   somewhere else than we tell it
 */
export async function openLane(run: Run): Promise<Lane | undefined> {
	const { provider, party } = run.setup;
	const stops: (() => Promise<void>)[] = [];
	const close = async () => {
		run.lanes.delete(close);
		for (let stop = stops.pop(); stop; stop = stops.pop()) await stop();
	};
	run.lanes.add(close);
	try {
		const issuer = await provider.fork?.();
		if (!issuer) return undefined;
		stops.push(issuer.close);
		const copy = await party.copy?.(issuer);
		if (!copy) throw new ProvesNothing("there is no copy");
		stops.push(copy.close);
		const beside = besides(run, { provider: issuer, party: copy });
		await beside.controls.ready(READY);
		await beside.controls.check();
		return { run: beside, close };
	} catch {
		await close();
		return undefined;
	}
}

/** Does each piece of work in a lane of its own, so many at once; those for which there was none come back. */
export async function inLanes<Work>(
	run: Run,
	pieces: readonly Work[],
	work: (piece: Work, run: Run) => Promise<void>,
): Promise<Work[]> {
	if (!hasLanes(run)) return [...pieces];
	const left: Work[] = [];
	const waiting = [...pieces];
	const worker = async () => {
		for (
			let piece = waiting.shift();
			piece !== undefined;
			piece = waiting.shift()
		) {
			const lane = await openLane(run);
			if (!lane) {
				left.push(piece, ...waiting.splice(0));
				return;
			}
			try {
				await work(piece, lane.run);
			} catch (error) {
				if (!(error instanceof ProvesNothing)) throw error;
				left.push(piece); // asked again in front of everybody, where it says what it means
			} finally {
				await lane.close();
			}
		}
	};
	await Promise.all(Array.from({ length: LANES }, worker));
	return left;
}

const LANES = 4;
