// Ways of comparing sloppily, as what is wrong with a comparison. A long table.
import type { WayName } from "../../scenario/near/ways.js";

/** One way of comparing, and what else it lets in. */
interface Comparison {
	/** goes on from `project_path is compared` */
	words: string;
	/** how to compare instead */
	remedy: string;
	/** further ways whose near misses it takes as well */
	also: readonly WayName[];
}

const WHOLE = "Compare whole texts, with ===, == or equals.";
const ANCHORS =
	"Put ^ and $ around the whole pattern (\\A and \\z in Ruby), or compare whole texts.";
const TYPES =
	'Compare type and value: GitLab sends texts for its ids and flags, such as "true" and "42".';
const THERE = "Refuse a token that lacks the claim, before you compare.";
const RAW =
	"Compare the bytes as they stand in the token: change neither side before.";

/** Ways that have the wanted text somewhere within. */
const WITHIN = [
	"folder-below",
	"newline",
	"nul",
	"blanks",
	"comma-list",
	"blank-list",
	"another-line",
	"leading-zeros",
	"letters-behind",
	"more-digits",
	"exponent-form",
	"cut-fraction",
] as const satisfies readonly WayName[];

/** By the way whose near misses tell of it. */
export const COMPARISONS: Readonly<Record<WayName, Comparison>> = {
	prefix: {
		words: "by its beginning (startsWith)",
		remedy: WHOLE,
		also: [
			"folder-below",
			"newline",
			"nul",
			"letters-behind",
			"more-digits",
			"exponent-form",
			"cut-fraction",
		],
	},
	suffix: {
		words: "by its end (endsWith)",
		remedy: WHOLE,
		also: [
			"substring",
			"another-line",
			"blank-list",
			"comma-list",
			"leading-zeros",
		],
	},
	substring: {
		words: "by what it contains (includes)",
		remedy: WHOLE,
		also: ["prefix", "suffix", "unanchored-pattern", ...WITHIN],
	},
	"unanchored-pattern": {
		words: "with a pattern that has no anchors",
		remedy: ANCHORS,
		also: ["prefix", "suffix", "substring", "any-character", ...WITHIN],
	},
	"any-character": {
		words: "with a pattern whose dots stand for any character",
		remedy: "Escape the dots of the pattern, or compare whole texts.",
		also: [],
	},
	shorter: {
		words: "the wrong way round: what the wanted text begins with passes",
		remedy: WHOLE,
		also: ["folder-above"],
	},
	"first-segment": {
		words: "by its first segment alone",
		remedy: WHOLE,
		also: [
			"folder-below",
			"folder-above",
			"shorter",
			"prefix",
			"nul",
			"newline",
			"compatibility-form",
			"look-alike",
		],
	},
	"last-segment": {
		words: "by its last segment alone",
		remedy: WHOLE,
		also: ["suffix", "substring", "another-line", "blank-list", "comma-list"],
	},
	"folder-above": {
		words: "so that the folder above passes",
		remedy: WHOLE,
		also: [],
	},
	"folder-below": {
		words: "so that whatever is below it passes",
		remedy: WHOLE,
		also: [],
	},
	"comma-list": {
		words: "as a list with commas, of which one entry is enough",
		remedy: WHOLE,
		also: [],
	},
	"blank-list": {
		words: "as a list with blanks, of which one entry is enough",
		remedy: WHOLE,
		also: ["blanks", "newline", "another-line"],
	},
	"letter-case": {
		words: "without regard to capital and small letters",
		remedy: RAW,
		also: ["kelvin-sign", "long-s"],
	},
	blanks: {
		words: "with the blanks around it cut off",
		remedy: RAW,
		also: ["newline"],
	},
	newline: {
		words: "so that a line's end behind it passes",
		remedy: ANCHORS,
		also: [],
	},
	"another-line": {
		words: "line by line, of which one is enough",
		remedy: ANCHORS,
		also: ["newline"],
	},
	nul: {
		words: "up to a NUL",
		remedy: RAW,
		also: [],
	},
	"compatibility-form": {
		words: "after Unicode's form NFKC is made of it",
		remedy: RAW,
		also: ["kelvin-sign", "long-s"],
	},
	"kelvin-sign": {
		words: "in small letters, in which the Kelvin sign is a k",
		remedy: RAW,
		also: ["letter-case"],
	},
	"long-s": {
		words: "in capitals, in which the long s is an S",
		remedy: RAW,
		also: ["letter-case"],
	},
	"look-alike": {
		words: "by what it looks like",
		remedy: RAW,
		also: [],
	},
	"leading-zeros": {
		words: "as a number, whatever zeros it begins with",
		remedy: TYPES,
		also: ["exponent-form", "number-for-text", "blanks", "newline"],
	},
	"letters-behind": {
		words: "as a number, whatever follows it (parseInt)",
		remedy: TYPES,
		also: [
			"leading-zeros",
			"blanks",
			"newline",
			"number-for-text",
			"nul",
			"exponent-form",
			"cut-fraction",
		],
	},
	"exponent-form": {
		words: "as a number, in any form of it",
		remedy: TYPES,
		also: ["leading-zeros", "number-for-text", "blanks", "newline"],
	},
	"more-digits": {
		words: "by its first digits",
		remedy: TYPES,
		also: [],
	},
	"cut-fraction": {
		words: "as a number, whose fraction is cut off (Math.trunc)",
		remedy: TYPES,
		also: [
			"leading-zeros",
			"number-for-text",
			"blanks",
			"newline",
			"exponent-form",
		],
	},
	"wrapped-number": {
		words: "as a number of 32 bits",
		remedy: TYPES,
		also: [
			"leading-zeros",
			"number-for-text",
			"blanks",
			"newline",
			"exponent-form",
			"cut-fraction",
		],
	},
	"number-for-text": {
		words: "without regard to its type: a number passes for its text",
		remedy: TYPES,
		also: ["list-of-one"],
	},
	"text-for-number": {
		words: "without regard to its type: a text passes for its number",
		remedy: TYPES,
		also: [
			"leading-zeros",
			"blanks",
			"newline",
			"exponent-form",
			"list-of-one",
		],
	},
	truthy: {
		words: "as a yes or no: any value passes, if there is one",
		remedy: TYPES,
		also: [
			"prefix",
			"suffix",
			"substring",
			"unanchored-pattern",
			"any-character",
			"shorter",
			"first-segment",
			"last-segment",
			"folder-above",
			"folder-below",
			"comma-list",
			"blank-list",
			"letter-case",
			"blanks",
			"newline",
			"another-line",
			"nul",
			"compatibility-form",
			"kelvin-sign",
			"long-s",
			"look-alike",
			"leading-zeros",
			"letters-behind",
			"exponent-form",
			"more-digits",
			"wrapped-number",
			"cut-fraction",
			"number-for-text",
			"text-for-number",
			"list-of-one",
			"list-with-others",
			"object",
		],
	},
	"list-of-one": {
		words: "so that a list with it alone passes",
		remedy: TYPES,
		also: [],
	},
	"list-with-others": {
		words: "so that a list that has it passes",
		remedy: TYPES,
		also: ["list-of-one"],
	},
	object: {
		words: "so that a mapping with a member of its name passes",
		remedy: TYPES,
		also: [],
	},
	null: {
		words: "only where it is not null",
		remedy: THERE,
		also: ["missing", "empty", "member-name-case"],
	},
	empty: {
		words: "only where it is not empty",
		remedy: THERE,
		also: ["missing", "null", "member-name-case"],
	},
	missing: {
		words: "only where the token has it",
		remedy: THERE,
		also: ["null", "empty", "member-name-case", "prototype"],
	},
	"member-name-case": {
		words: "under a name in any letters",
		remedy: "Read the claim under its exact name.",
		also: [],
	},
	prototype: {
		words: "also where only __proto__ has it",
		remedy: "Read own members alone (Object.hasOwn).",
		also: [],
	},
};

/** Ways that a claim of digits has no near miss of its own for, and whose others tell of them all the same. */
export const TOLD_BY_OTHERS: readonly WayName[] = [
	...(["prefix", "suffix", "substring"] as const),
];

/** Scenarios of the catalogue that tell of the same ways of comparing. */
export const KIN: Readonly<Record<string, WayName>> = {
	"audience/prefix": "prefix",
	"audience/substring": "substring",
	"audience/upper-case": "letter-case",
	"audience/missing": "missing",
	"audience/null": "null",
	"audience/empty-string": "empty",
	"issuer/prefix-path": "prefix",
	"issuer/suffix-domain": "prefix",
	"issuer/trailing-slash": "prefix",
	"issuer/upper-case-host": "letter-case",
	"issuer/missing": "missing",
	"issuer/null": "null",
	"issuer/empty": "empty",
	"issuer/list-with-ours": "list-with-others",
	"project/mixed-case": "letter-case",
	"project/nested-below": "folder-below",
	"project/path-prefix": "prefix",
	"ref/upper-case-ref": "letter-case",
	"claims/ref-protected-boolean": "truthy",
	"claims/ref-protected-missing": "missing",
	"claims/ref-protected-upper-case": "letter-case",
	"claims/project-path-list": "list-of-one",
	"claims/project-path-missing": "missing",
	"claims/project-path-null": "null",
	"claims/ref-missing": "missing",
	"claims/proto-key": "prototype",
};
