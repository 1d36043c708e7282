// Modules that are loaded when they are first needed, one after the other: the loaders of some test runners break at two at once.

let last: Promise<unknown> = Promise.resolve();

/** Imports when all that was asked for before has been imported. */
export function inTurn<T>(load: () => Promise<T>): Promise<T> {
	const loaded = last.then(load);
	last = loaded.catch(() => undefined);
	return loaded;
}

/** Resolves when nothing is being imported: a test runner that has ended gives nothing any more. */
export const allImported = (): Promise<unknown> => last;
