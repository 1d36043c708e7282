// One near miss: the claim as a sloppy comparison takes it, and what makes a token that has it.
import { isJsonObject } from "../../json-object.js";
import { claimAt, stepsOf, topClaim } from "../claim-path.js";
import { editMembers, isEdit, type MemberEdit } from "../edit.js";
import type { Adjustment } from "../schema.js";
import { genuineJob } from "./genuine.js";
import type { Change } from "./way.js";
import { changesOf, type WayName } from "./ways.js";

type Claims = Readonly<Record<string, unknown>>;

/** What a way makes of one claim. */
export interface Miss {
	/** which of the way's values it is, from 0 */
	index: number;
	/** the claim's value; undefined where it is not there under its name */
	value: unknown;
	/** the honest claims with this one changed alone */
	claims: Claims;
	/** what makes them of the honest ones */
	edits: Edits;
}

/**
 * What `way` takes for the wanted value of a claim.
 * @param path the claim's name, or a JSON pointer into one
 * @param honest what the honest token says
 */
export function missesOf(
	way: WayName,
	path: string,
	wanted: unknown,
	honest: Claims,
): Miss[] {
	if (wanted === undefined || wanted === null) return [];
	const steps = path.startsWith("/") ? stepsOf(path) : [path];
	return changesOf(way, steps.at(-1) ?? "", wanted).flatMap((change, index) => {
		const edits = editsFor(steps, change, honest);
		if (edits === undefined) return [];
		const claims =
			steps.length === 1 && "value" in change
				? { ...honest, [path]: change.value } // the same, and quicker
				: editMembers(honest, edits, 0);
		return [{ index, value: claimAt(claims, path), claims, edits }];
	});
}

/** How a near miss comes about. */
export interface Origin {
	/** whether GitLab itself issues such a token */
	isGenuine: boolean;
	/** what a token is like that has it, beside the honest one */
	blocks: Adjustment;
}

/** Makes it of another job where GitLab has one for it, else by a forged claim. */
export function originOf(
	{ value, edits }: Miss,
	path: string,
	honest: Claims,
): Origin {
	const edit = edits[path];
	const isMoved = isEdit(edit) && ("rename" in edit || "inherit" in edit);
	const job = isMoved ? undefined : genuineJob(path, value, honest);
	if (job) return { isGenuine: true, blocks: { job } };
	return {
		isGenuine: path === "aud" && isAudience(value),
		blocks: { token: { claims: edits } },
	};
}

/** A job asks for any audience that it likes, or for several. */
const isAudience = (value: unknown) => {
	const texts = [value].flat();
	return (
		texts.length > 0 &&
		texts.every((text) => typeof text === "string" && text !== "")
	);
};

type Edits = Record<string, MemberEdit>;

/** Undefined where there is nothing to change. */
function editsFor(
	steps: readonly string[],
	change: Change,
	honest: Claims,
): Edits | undefined {
	const [name = "", ...inner] = steps;
	const isThere = Object.hasOwn(honest, name);
	if (inner.length === 0) {
		if ("value" in change) return { [name]: literal(change.value) };
		return isThere ? { [name]: change } : undefined;
	}
	if (!isThere || "inherit" in change) return undefined;
	const changed = changeWithin(honest[name], inner, change);
	return changed === undefined ? undefined : { [name]: literal(changed) };
}

/** A mapping that is a value, and no edit. */
const literal = (value: unknown): MemberEdit =>
	(isJsonObject(value) ? { value } : value) as MemberEdit;

/** `value` with the change made where `steps` lead; undefined where they lead nowhere. */
function changeWithin(
	value: unknown,
	steps: readonly string[],
	change: Change,
): unknown {
	const [step = "", ...rest] = steps;
	if (typeof value !== "object" || value === null) return undefined;
	if (!Object.hasOwn(value, step)) return undefined;
	const within = (value as Record<string, unknown>)[step];
	const changed: Change | undefined =
		rest.length === 0 ? change : asChange(changeWithin(within, rest, change));
	if (changed === undefined) return undefined;
	if (Array.isArray(value)) {
		return "value" in changed
			? value.with(Number(step), changed.value)
			: undefined;
	}
	const entries = Object.entries(value).flatMap(([name, own]) => {
		if (name !== step) return [[name, own]];
		if ("value" in changed) return [[name, changed.value]];
		return "rename" in changed ? [[changed.rename, own]] : [];
	});
	return Object.fromEntries(entries);
}

const asChange = (value: unknown): Change | undefined =>
	value === undefined ? undefined : { value };

/** The claim that a path begins in: time itself is compared, not matched. */
export const isMatched = (path: string): boolean =>
	!/^(exp|nbf|iat|auth_time)$/.test(topClaim(path));
