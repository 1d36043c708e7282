// Paths against wildcards as Ruby's File.fnmatch takes them with FNM_PATHNAME, FNM_DOTMATCH and FNM_EXTGLOB.
import { MockError } from "../../errors.js";

type Step =
	| { kind: "literal"; character: string }
	| { kind: "any" | "star" | "folders" }
	| { kind: "class"; fits: RegExp };

const MOST_BRANCHES = 1000; // that braces make of one pattern
const LONGEST = 1024; // characters of a pattern

/**
 * Makes the function that tells whether a path fits, in time of the lengths' product.
 * @param spend is told how much work that is
 * @throws MockError `too_large`
 */
export function pathMatcher(
	pattern: string,
	spend: (steps: number) => void,
): (path: string) => boolean {
	if (pattern.length > LONGEST) throw tooLarge(pattern);
	const branches = branchesOf(pattern).map((branch) => {
		const steps = stepsOf(branch);
		return { steps, ...endsOf(steps) };
	});
	return (path) =>
		branches.some(({ steps, begin, end }) => {
			spend(QUICK_LOOK);
			if (!path.startsWith(begin) || !path.endsWith(end)) return false;
			spend((steps.length * path.length) / 200);
			return fits(steps, path);
		});
}

const QUICK_LOOK = 0.2; // steps of the budget

/** The plain text that a pattern begins and ends with: most paths differ there already. */
function endsOf(steps: readonly Step[]): { begin: string; end: string } {
	const characters = steps.map((step) =>
		step.kind === "literal" ? step.character : undefined,
	);
	const first = characters.indexOf(undefined);
	return {
		begin: characters.slice(0, first < 0 ? undefined : first).join(""),
		end: characters.slice(characters.lastIndexOf(undefined) + 1).join(""),
	};
}

const tooLarge = (pattern: string) =>
	new MockError(
		"too_large",
		`a path pattern of the rules is too large: ${pattern.slice(0, 40)}…`,
	);

/** `a{b,c}` to `ab` and `ac`; what is not closed stands for itself. */
function branchesOf(pattern: string): string[] {
	const done: string[] = [];
	const left = [pattern];
	for (let next = left.pop(); next !== undefined; next = left.pop()) {
		const braces = outerBraces(next);
		if (!braces) done.push(next);
		else {
			const { from, to, commas } = braces;
			const cuts = [from, ...commas, to];
			for (const [index, cut] of cuts.slice(1).entries()) {
				const middle = next.slice((cuts[index] ?? 0) + 1, cut);
				left.push(next.slice(0, from) + middle + next.slice(to + 1));
			}
		}
		if (done.length + left.length > MOST_BRANCHES) throw tooLarge(pattern);
	}
	return done;
}

function outerBraces(pattern: string) {
	let from = -1;
	let depth = 0;
	let commas: number[] = [];
	for (let at = 0; at < pattern.length; at++) {
		const character = pattern[at];
		if (character === "\\") at++;
		else if (character === "{") {
			if (depth++ === 0) {
				from = at;
				commas = [];
			}
		} else if (character === "," && depth === 1) commas.push(at);
		else if (character === "}" && depth > 0 && --depth === 0)
			return { from, to: at, commas };
	}
	return undefined;
}

function stepsOf(pattern: string): Step[] {
	const parts =
		pattern.match(/(?<![^/])\*\*\/|\\[\s\S]|\[[!^]?\]?[^\]]*\]|[\s\S]/g) ?? [];
	return parts.map((part) => {
		if (part === "**/") return { kind: "folders" };
		if (part === "*") return { kind: "star" };
		if (part === "?") return { kind: "any" };
		if (part.length > 2 && part.startsWith("[")) return classOf(part);
		return { kind: "literal", character: part.replace(/^\\(?=.)/s, "") };
	});
}

/** `[a-z]`, which never means a slash. */
function classOf(part: string): Step {
	const not = /^\[[!^]/.test(part);
	const inner = part
		.slice(not ? 2 : 1, -1)
		.replace(/\\(.)/gs, "$1")
		.replace(/[\\\]^[]/g, "\\$&");
	try {
		return {
			kind: "class",
			fits: new RegExp(`^[${not ? "^/" : ""}${inner}]$`),
		};
	} catch {
		return { kind: "class", fits: /^[^\s\S]$/ }; // a range that goes backwards
	}
}

function fits(steps: readonly Step[], path: string): boolean {
	// at[i]: whether the steps so far can end before character i
	let at = new Array<boolean>(path.length + 1).fill(false);
	at[0] = true;
	for (const step of steps) {
		const next = new Array<boolean>(path.length + 1).fill(false);
		let below = false; // whether a folder's wildcard began at or above here
		for (let i = 0; i <= path.length; i++) {
			const character = path[i - 1];
			const came = i > 0 && at[i - 1] === true;
			if (step.kind === "folders") {
				next[i] = at[i] === true || (below && character === "/");
				below ||= at[i] === true;
			} else if (step.kind === "star")
				next[i] =
					at[i] === true ||
					(i > 0 && next[i - 1] === true && character !== "/");
			else next[i] = came && fitsOne(step, character ?? "");
		}
		if (!next.includes(true)) return false;
		at = next;
	}
	return at[path.length] === true;
}

function fitsOne(step: Step, character: string): boolean {
	if (step.kind === "literal") return step.character === character;
	if (character === "/") return false;
	return step.kind === "class" ? step.fits.test(character) : true;
}
