// What a policy demands of all claims at once, where conditions on single claims cannot say it: a test that was compiled.

type Claims = Readonly<Record<string, unknown>>;

/** A test of all claims, and what it consists of. */
export interface Expression {
	/** whether a token with these claims gets in: the last word */
	holds(claims: Claims): boolean;
	/** what all must hold for that, each by itself: tells which claims are bound, and which of them is at fault */
	parts: readonly Part[];
	/** why nothing says whether these claims, in which all else is met, get in; undefined where it is said */
	unsettled?(claims: Claims): string | undefined;
}

/** One of the tests that must all hold. */
export interface Part {
	/** as it is written */
	wants: string;
	/** the claims that it looks at: names, or JSON pointers */
	reads: readonly string[];
	/** texts that it compares a claim with */
	named: readonly Named[];
	holds(claims: Claims): boolean;
}

interface Named {
	/** the claim */
	path: string;
	text: string;
}

/** An expression in which nothing stands but its parts. */
export const expressionOf = (parts: readonly Part[]): Expression => ({
	holds: (claims) => parts.every((part) => part.holds(claims)),
	parts,
});
