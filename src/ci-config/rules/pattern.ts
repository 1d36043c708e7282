// `/pattern/flags` as GitLab takes them: RE2's syntax, matched in linear time, within the file's budget.

import type { RE2JS } from "re2js";
import { MockError } from "../../errors.js";
import { inTurn } from "../../in-turn.js";
import type { Budget } from "../budget.js";

/** Compiles patterns. */
export interface Patterns {
	/** undefined where it is no pattern between slashes, or none of RE2's */
	read(source: string): Pattern | undefined;
	/** the same, without slashes and flags */
	compile(text: string): Pattern | undefined;
}

export interface Pattern {
	/** whether it is found anywhere in the text */
	foundIn(text: string): boolean;
}

const LARGEST = 20_000; // instructions of a compiled pattern

/** Where there is none. */
export const NO_PATTERNS: Patterns = {
	read: () => undefined,
	compile: () => undefined,
};

/** Loads RE2. */
export async function loadPatterns(budget: Budget): Promise<Patterns> {
	const { RE2JS } = await inTurn(() => import("re2js"));
	const read = new Map<string, Pattern | undefined>();
	return {
		read(source) {
			if (!read.has(source)) read.set(source, literal(source, RE2JS, budget));
			return read.get(source);
		},
		compile: (text) => compiled(text, "", RE2JS, budget),
	};
}

function literal(
	source: string,
	engine: typeof RE2JS,
	budget: Budget,
): Pattern | undefined {
	const [, text, flags = ""] =
		/^\/(.*)\/([ismU]*)$/m.exec(source.replaceAll("\\/", "/")) ?? [];
	return text === undefined ? undefined : compiled(text, flags, engine, budget);
}

function compiled(
	text: string,
	flags: string,
	engine: typeof RE2JS,
	budget: Budget,
): Pattern | undefined {
	const size = sizeOf(text);
	if (size > LARGEST) {
		throw new MockError(
			"too_large",
			`a pattern is too large: ${text.slice(0, 40)}…`,
		);
	}
	budget.spend(10 * size);
	const pattern = attempt(() =>
		engine.compile(flags ? `(?${flags})${text}` : text),
	);
	return (
		pattern && {
			foundIn(subject) {
				budget.spend(1 + Math.ceil((size * subject.length) / 500));
				return pattern.matcher(subject).find();
			},
		}
	);
}

function attempt<T>(make: () => T): T | undefined {
	try {
		return make();
	} catch {
		return undefined; // no syntax of RE2's
	}
}

/** About how many instructions a pattern makes: repetition writes its operand out. */
export function sizeOf(pattern: string): number {
	const groups = [0];
	let last = 0;
	const add = (size: number) => {
		groups[groups.length - 1] = (groups.at(-1) ?? 0) + size;
		last = size;
	};
	for (const [part] of pattern.matchAll(
		/\\[\s\S]|\[\]?(?:\\[\s\S]|[^\]\\])*\]?|\{\d+(?:,\d*)?\}|[\s\S]/g,
	)) {
		if (part === "(") groups.push(1);
		else if (part === ")" && groups.length > 1) add(groups.pop() ?? 0);
		else if (/^\{\d/.test(part)) {
			const counts = part.match(/\d+/g)?.map(Number) ?? [];
			const size = last;
			add(size * (Math.max(...counts) - 1));
			last += size;
		} else add(1);
	}
	return groups.reduce((sum, size) => sum + size, 0);
}
