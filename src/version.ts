// This package's version and homepage, from its package.json.
import { readFileSync } from "node:fs";

const manifest = JSON.parse(
	readFileSync(new URL("../package.json", import.meta.url), "utf8"),
) as { version: string; homepage?: string };

export const VERSION: string = manifest.version;

/** Where the package is at home; undefined where it does not say. */
export const HOMEPAGE: string | undefined = manifest.homepage;
