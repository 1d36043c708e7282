// GitLab's wildcards in `include: local`: `*` within a folder, `**` through all of them.

/** Makes the function that tells whether a path is what `pattern` means, in time of their lengths' product. */
export function globMatcher(pattern: string): (path: string) => boolean {
	const steps = pattern.match(/\*\*|[\s\S]/g) ?? [];
	return (path) => {
		// at[i]: whether the steps so far can end before character i
		let at = new Array<boolean>(path.length + 1).fill(false);
		at[0] = true;
		for (const step of steps) {
			const next = new Array<boolean>(path.length + 1).fill(false);
			for (let i = 0; i <= path.length; i++) {
				const before = i > 0 && next[i - 1] === true;
				if (step === "**") next[i] = at[i] === true || before;
				else if (step === "*")
					next[i] = at[i] === true || (before && path[i - 1] !== "/");
				else next[i] = i > 0 && at[i - 1] === true && path[i - 1] === step;
			}
			if (!next.includes(true)) return false;
			at = next;
		}
		return at[path.length] === true;
	};
}

/** The folder below which everything is that `pattern` can mean; empty for the root. */
export function folderOfGlob(pattern: string): string {
	const fixed = pattern.split("*", 1)[0] ?? "";
	return fixed.slice(0, Math.max(0, fixed.lastIndexOf("/")));
}
