// What waits runs beside the rest: on an instance and a copy of the relying party of its own.
import { messageOf } from "../errors.js";
import { besides, type Run } from "./context.js";
import { ProvesNothing } from "./control.js";

const READY = 30; // seconds until the copy says yes or no

/** A run beside the run. */
interface Lane {
	run: Run;
	close(): Promise<void>;
}

/** Whether one can be had at all. */
const hasLanes = ({ setup }: Run): boolean =>
	setup.provider.fork !== undefined && setup.party.copy !== undefined;

const FIXED =
	"a second copy of the RP, started with another OIDC_ISSUER, does not accept that issuer's tokens: it reads its settings from somewhere else";

/** Opens one, or says why there is none. */
async function openLane(run: Run): Promise<Lane | string> {
	const { provider, party } = run.setup;
	if (!provider.fork) return "there is no second issuer";
	if (!party.copy) return "there is no second RP";
	const stops: (() => Promise<void>)[] = [];
	const close = async () => {
		run.lanes.delete(close);
		for (let stop = stops.pop(); stop; stop = stops.pop()) await stop();
	};
	run.lanes.add(close);
	try {
		const issuer = await provider.fork();
		stops.push(issuer.close);
		const copy = await party.copy(issuer);
		stops.push(copy.close);
		const beside = besides(run, { provider: issuer, party: copy });
		await beside.controls.ready(run.setup.profile.limits?.start ?? READY);
		await beside.controls.check();
		return { run: beside, close };
	} catch (error) {
		await close();
		return error instanceof ProvesNothing ? FIXED : messageOf(error);
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
	let reason = "";
	const worker = async () => {
		let lane: Lane | undefined;
		try {
			for (
				let piece = waiting.shift();
				piece !== undefined;
				piece = waiting.shift()
			) {
				if (!lane) {
					const opened = await openLane(run);
					if (typeof opened === "string") {
						reason = opened;
						waiting.unshift(piece); // another lane may do it
						return;
					}
					lane = opened;
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
	if (waiting.length > 0 && !run.setup.signal?.aborted)
		run.ledger.notes.push(`${ONE_BY_ONE}: ${reason.split("\n")[0]}`);
	return [...left, ...waiting];
}

const ONE_BY_ONE =
	"What waits was asked one after another, and not beside the rest";

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
