// The files of a project, wherever they are: on a disk, or in a request.

/** The files of a project, by their paths from its root, without a leading slash. */
export interface ProjectFiles {
	/** the text; undefined where there is no such file */
	read(path: string): Promise<string | undefined>;
	/** the paths of the files that `pattern` may mean */
	list(pattern: string): Promise<readonly string[]>;
	/**
	 * The path of a file that fits one of the wildcards of `exists`; false: there is none; undefined: nobody knows.
	 * @param spend is told how much work that is
	 */
	exists?(
		wildcards: readonly string[],
		spend: (steps: number) => void,
	): Promise<string | false | undefined>;
}
