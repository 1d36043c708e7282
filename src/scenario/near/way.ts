// What a way of being sloppy is: from the value that is wanted to values that it takes for it.

/** A way of comparing texts: the texts that it takes for `text`, the plainest first. */
export interface TextWay {
	/** what it lets in, after "takes" */
	description: string;
	make(text: string): readonly string[];
}

/** The same for values of any type; none where it has no meaning for this one. */
export interface ValueWay {
	description: string;
	make(value: unknown): readonly unknown[];
}

/** What becomes of a member: another value, or it is no longer there under its name. */
export type Change =
	| { value: unknown }
	| { remove: true }
	/** another name for it */
	| { rename: string }
	/** it is in a `__proto__` member */
	| { inherit: true };

/** A way of looking for a member. */
export interface MemberWay {
	description: string;
	make(name: string): readonly Change[];
}

/** What somebody else's names have in them. */
export const EVIL = "evil";

/** Whether it is a number that is written as a text, as GitLab's ids are. */
export const isDigits = (text: string): boolean => /^[1-9]\d*$/.test(text);
