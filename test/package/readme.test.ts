// What the README shows is what there is: its pipeline, its commands, its scripts, its links.
import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const at = (path: string) => new URL(`../../${path}`, import.meta.url);
const readme = readFileSync(at("README.md"), "utf8");
const manifest = JSON.parse(readFileSync(at("package.json"), "utf8"));

test("shows the pipeline that is run against the image", () => {
	const shown = [...readme.matchAll(/^```yaml\n(.*?)^```$/gms)].map(
		([, text]) => text,
	);
	expect(shown).toContain(readFileSync(at("examples/gitlab-ci.yml"), "utf8"));
});

test("names scripts that there are", () => {
	const named = [...readme.matchAll(/npm run ([a-z:-]+)/g)].map(
		([, name]) => name as string,
	);
	expect(named.length).toBeGreaterThan(2);
	expect(named.filter((name) => !(name in manifest.scripts))).toEqual([]);
});

test("links to files that there are", () => {
	const links = [...readme.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(
		([, path]) => path as string,
	);
	expect(links.length).toBeGreaterThan(2);
	expect(links.filter((path) => !existsSync(at(path)))).toEqual([]);
});
