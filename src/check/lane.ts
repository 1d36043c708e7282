// What waits runs beside the rest: on an instance and a copy of the relying party of its own.
import { besides, type Run } from "./context.js";
import { ProvesNothing } from "./control.js";

const READY = 30; // seconds until the copy says yes or no

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
		await beside.controls.ready(run.setup.profile.limits?.start ?? READY);
		await beside.controls.check();
		return { run: beside, close };
	} catch {
		await close();
		return undefined;
	}
}

/** A piece of work that can be done anywhere, once. */
export interface Piece {
	/** whether it leaves keys behind that are not those of before: the next one needs another lane */
	changesKeys: boolean;
	/** @throws ProvesNothing where the relying party is not what it was at the start of the run */
	work(run: Run): Promise<void>;
}

const LANES = 4;

/**
 * Does them in lanes, in their order, so many at once.
 * @returns those for which there was no lane, or that went wrong there: they are to be done in front of everybody
 */
export async function inLanes(
	run: Run,
	pieces: readonly Piece[],
): Promise<Piece[]> {
	if (!hasLanes(run)) return [...pieces];
	const left: Piece[] = [];
	const waiting = [...pieces];
	const worker = async () => {
		let lane: Lane | undefined;
		try {
			for (
				let piece = waiting.shift();
				piece !== undefined;
				piece = waiting.shift()
			) {
				lane ??= await openLane(run);
				if (!lane) {
					waiting.unshift(piece); // another lane may do it
					return;
				}
				const isFine = await fine(piece.work(lane.run));
				if (!isFine) left.push(piece);
				if (!isFine || piece.changesKeys) {
					await lane.close();
					lane = undefined;
				}
			}
		} finally {
			await lane?.close();
		}
	};
	const workers = Math.min(LANES, pieces.length);
	await Promise.all(Array.from({ length: workers }, worker));
	return [...left, ...waiting];
}

/** Whether it went well; what the relying party is not to blame for is thrown on. */
async function fine(work: Promise<void>): Promise<boolean> {
	try {
		await work;
		return true;
	} catch (error) {
		if (error instanceof ProvesNothing) return false;
		throw error;
	}
}
