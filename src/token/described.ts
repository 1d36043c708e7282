// A word that scenario files can use: what it stands for, said to people and done.

/** An entry of a table of such words. README, JSON Schema and editors show `description`. */
export interface Described<Make> {
	/** one line, without a full stop */
	description: string;
	make: Make;
}
