// Lays a tarball out as npm does, without a registry: its files, its command, and what it says that it depends on and no more.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const ROOT = fileURLToPath(new URL("../..", import.meta.url)).replace(
	/\/$/,
	"",
);
const execute = promisify(execFile);
const OURS = join(ROOT, "node_modules/");

interface Manifest {
	name: string;
	bin?: Record<string, string>;
	dependencies?: Record<string, string>;
}

const manifestOf = async (folder: string): Promise<Manifest> =>
	JSON.parse(await readFile(join(folder, "package.json"), "utf8"));

/**
 * Packs this checkout into `folder`.
 * @returns the tarball, and the paths in it
 */
export async function packed(
	folder: string,
): Promise<{ tarball: string; files: string[] }> {
	const { stdout } = await execute(
		"npm",
		["pack", "--json", "--ignore-scripts", "--pack-destination", folder],
		{ cwd: ROOT, timeout: 120_000, maxBuffer: 2 ** 24 },
	);
	const [{ filename, files }] = JSON.parse(stdout);
	return {
		tarball: join(folder, filename),
		files: files.map(({ path }: { path: string }) => path),
	};
}

/** Unpacks a tarball into `folder`, and installs it there. */
export async function unpacked(folder: string, tarball: string): Promise<void> {
	const place = join(folder, "node_modules/gitlab-oidc-mock");
	await mkdir(place, { recursive: true });
	await execute("tar", [
		"-xzf",
		tarball,
		"--strip-components",
		"1",
		"-C",
		place,
	]);
	await installed(folder, place);
}

/**
 * Installs an unpacked package into `folder`: what it depends on, directly or not, is linked from this checkout.
 * @param unpacked where the package's files are, below folder/node_modules
 */
async function installed(folder: string, unpacked: string): Promise<void> {
	const { bin = {} } = await manifestOf(unpacked);
	await mkdir(join(folder, "node_modules/.bin"), { recursive: true });
	for (const [name, file] of Object.entries(bin))
		await symlink(
			join(unpacked, file),
			join(folder, "node_modules/.bin", name),
		);
	for (const name of await needs(unpacked)) {
		const place = join(folder, "node_modules", name);
		await mkdir(dirname(place), { recursive: true });
		await symlink(join(OURS, name), place);
	}
}

/** The names of all packages at the top of node_modules that a package needs. */
async function needs(unpacked: string): Promise<Set<string>> {
	const found = new Set<string>();
	const visit = async (folder: string, from: string) => {
		const { dependencies = {} } = await manifestOf(folder);
		for (const name of Object.keys(dependencies)) {
			const place = placeOf(name, from);
			if (!place) throw new Error(`${name} is not installed`);
			if (found.has(place)) continue;
			found.add(place);
			await visit(place, place);
		}
	};
	await visit(unpacked, ROOT);
	const tops = [...found].map((place) => place.slice(OURS.length));
	return new Set(tops.filter((path) => !path.includes("/node_modules/")));
}

/** Where a package that is at `from` finds another one. */
function placeOf(name: string, from: string): string | undefined {
	for (let above = from; above.startsWith(ROOT); above = dirname(above)) {
		const place = join(above, "node_modules", name);
		if (existsSync(join(place, "package.json"))) return place;
	}
	return undefined;
}
