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

const WHOLE = "Compare the whole strings, with ===, == or equals.";
const ANCHORS =
	"Put ^ and $ around the whole pattern (\\A and \\z in Ruby), or compare the whole strings.";
const TYPES =
	'Compare type and value: GitLab sends ids and flags as strings, such as "42" and "true".';
const THERE =
	"Refuse a token without the claim, or with null or an empty value, before you compare.";
const RAW =
	"Compare the value exactly as it is in the token: do not convert or trim it first.";

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
		words: "only by its beginning (startsWith)",
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
		words: "only by its end (endsWith)",
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
		words: "by a search for the expected value in it (includes)",
		remedy: WHOLE,
		also: ["prefix", "suffix", "unanchored-pattern", ...WITHIN],
	},
	"unanchored-pattern": {
		words: "with a regular expression without anchors (^ and $)",
		remedy: ANCHORS,
		also: ["prefix", "suffix", "substring", "any-character", ...WITHIN],
	},
	"any-character": {
		words: "with a regular expression whose dots match any character",
		remedy:
			"Escape the dots in the regular expression, or compare the whole strings.",
		also: [],
	},
	shorter: {
		words:
			"in the wrong direction: the beginning of the expected value is accepted",
		remedy: WHOLE,
		also: ["folder-above"],
	},
	"first-segment": {
		words: "only by the part before its first slash",
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
		words: "only by the part after its last slash",
		remedy: WHOLE,
		also: ["suffix", "substring", "another-line", "blank-list", "comma-list"],
	},
	"folder-above": {
		words: "so that the parent of the expected path is accepted",
		remedy: WHOLE,
		also: [],
	},
	"folder-below": {
		words: "so that every path below the expected one is accepted",
		remedy: WHOLE,
		also: [],
	},
	"comma-list": {
		words: "as a list separated by commas, of which one entry has to match",
		remedy: WHOLE,
		also: [],
	},
	"blank-list": {
		words: "as a list separated by spaces, of which one entry has to match",
		remedy: WHOLE,
		also: ["blanks", "newline", "another-line"],
	},
	"letter-case": {
		words: "without regard to letter case",
		remedy: RAW,
		also: ["kelvin-sign", "long-s"],
	},
	blanks: {
		words: "after spaces around it are removed",
		remedy: RAW,
		also: ["newline"],
	},
	newline: {
		words: "so that a line break after it is accepted",
		remedy: ANCHORS,
		also: [],
	},
	"another-line": {
		words: "line by line, of which one has to match",
		remedy: ANCHORS,
		also: ["newline"],
	},
	nul: {
		words: "only up to a NUL character",
		remedy: RAW,
		also: [],
	},
	"compatibility-form": {
		words: "after Unicode normalization (NFKC)",
		remedy: RAW,
		also: ["kelvin-sign", "long-s"],
	},
	"kelvin-sign": {
		words: "in lower case, which turns the Kelvin sign into a k",
		remedy: RAW,
		also: ["letter-case"],
	},
	"long-s": {
		words: "in upper case, which turns the long s into an S",
		remedy: RAW,
		also: ["letter-case"],
	},
	"look-alike": {
		words: "after look-alike letters are replaced",
		remedy: RAW,
		also: [],
	},
	"leading-zeros": {
		words: "as a number, so that leading zeros are ignored",
		remedy: TYPES,
		also: ["exponent-form", "number-for-text", "blanks", "newline"],
	},
	"letters-behind": {
		words: "as a number, so that letters after it are ignored (parseInt)",
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
		words: "as a number, so that other spellings of it are accepted (1e3)",
		remedy: TYPES,
		also: ["leading-zeros", "number-for-text", "blanks", "newline"],
	},
	"more-digits": {
		words: "only by its first digits",
		remedy: TYPES,
		also: [],
	},
	"cut-fraction": {
		words: "as a whole number, so that a fraction is ignored (Math.trunc)",
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
		words: "as a number of 32 bits, so that higher bits are ignored",
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
		words:
			"without regard to its type: a number is accepted instead of a string",
		remedy: TYPES,
		also: ["list-of-one"],
	},
	"text-for-number": {
		words:
			"without regard to its type: a string is accepted instead of a number",
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
		words:
			"only with true or false: every value that counts as true is accepted",
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
		words: "so that an array that contains only the expected value is accepted",
		remedy: TYPES,
		also: [],
	},
	"list-with-others": {
		words:
			"so that an array that contains the expected value and others is accepted",
		remedy: TYPES,
		also: ["list-of-one"],
	},
	object: {
		words: "so that an object with a member of the expected name is accepted",
		remedy: TYPES,
		also: [],
	},
	null: {
		words: "only if it is not null",
		remedy: THERE,
		also: ["missing", "empty", "member-name-case"],
	},
	empty: {
		words: "only if it is not empty",
		remedy: THERE,
		also: ["missing", "null", "member-name-case"],
	},
	missing: {
		words: "only if the token has it",
		remedy: THERE,
		also: ["null", "empty", "member-name-case", "prototype"],
	},
	"member-name-case": {
		words: "under its name in any letter case",
		remedy: "Read the claim under its exact name.",
		also: [],
	},
	prototype: {
		words: "even if only the token's member __proto__ has it",
		remedy: "Read only the payload's own members (Object.hasOwn).",
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
