// Prepares a release: version, changelog, commit and tag, tarball, SBOM, vectors, the command as one file, checksums, and the script that publishes.
// It publishes nothing itself. npm run release -- 0.2.0 [--repository URL] [--dry-run]
// @ts-check
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import {
	mkdir,
	mkdtemp,
	readdir,
	readFile,
	rm,
	writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import {
	dated,
	publishScript,
	whereabouts,
	withoutDevelopment,
} from "./release-texts.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: {
		repository: { type: "string" },
		"dry-run": { type: "boolean", default: false },
	},
});
const dry = values["dry-run"];

/** @param {string} message @returns {never} */
function refuse(message) {
	console.error(`error: ${message}`);
	process.exit(2);
}

/** @param {string} program @param {string[]} argv */
const run = (program, ...argv) =>
	execFileSync(program, argv, {
		cwd: root,
		encoding: "utf8",
		stdio: ["ignore", "pipe", "inherit"],
		maxBuffer: 2 ** 27,
	});

/**
 * By npm, of what is installed with the package. In the checkout `--omit dev` would also omit what a development
 * dependency shares with it.
 */
async function billOfMaterials() {
	const folder = await mkdtemp(join(tmpdir(), "bill-"));
	try {
		for (const file of ["package.json", "package-lock.json"]) {
			const text = await readFile(join(root, file), "utf8");
			const value = JSON.stringify(withoutDevelopment(JSON.parse(text)));
			await writeFile(join(folder, file), value);
		}
		return run(
			...["npm", "sbom", "--sbom-format", "cyclonedx"],
			...["--package-lock-only", "--prefix", folder],
		);
	} finally {
		await rm(folder, { recursive: true });
	}
}

/** @param {string} what @param {() => unknown} work */
async function step(what, work) {
	console.log(dry ? `would ${what}` : what);
	if (dry) return;
	try {
		await work();
	} catch (error) {
		console.error(`
could not ${what}; as before it is by: git reset --hard ${before} && git tag --delete ${tag}; rm -rf release/${version}`);
		throw error;
	}
}

const manifest = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
const [version = "", ...rest] = positionals;
if (!/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/.test(version) || rest.length > 0)
	refuse("say the version: npm run release -- 0.2.0");
const tag = `v${version}`;
const repository = values.repository ?? manifest.repository?.url;
if (repository === undefined)
	refuse(
		"package.json has no repository yet: give it once, --repository https://gitlab.com/OWNER/NAME",
	);
const places =
	whereabouts(repository) ??
	refuse(`${repository} is no https URL of a repository`);
if (run("git", "tag", "--list", tag) !== "") refuse(`there is a tag ${tag}`);
const changelog = await readFile(join(root, "CHANGELOG.md"), "utf8");
const today = new Date().toISOString().slice(0, 10);
const newChangelog =
	dated(changelog, version, today) ??
	refuse('CHANGELOG.md has nothing below "## Unreleased"');
const before = run("git", "rev-parse", "--short", "HEAD").trim();
const changed = run("git", "status", "--porcelain");
if (changed !== "" && !dry)
	refuse(`commit or put away first:\n${changed.trimEnd()}`);

const out = join(root, "release", version);
const name = `${manifest.name}-${version}`;
if (existsSync(out) && !dry) refuse(`${relative(root, out)} is there already`);

await step(
	`set version ${version}, repository, homepage and bugs in package.json`,
	async () => {
		run("npm", "version", version, "--no-git-tag-version");
		const now = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
		await writeFile(
			join(root, "package.json"),
			`${JSON.stringify({ ...now, ...places }, null, "\t")}\n`,
		);
	},
);
await step(`date CHANGELOG.md: ${version} - ${today}`, () =>
	writeFile(join(root, "CHANGELOG.md"), newChangelog),
);
await step("build, and write what is generated with that version", () => {
	run("npm", "run", "build", "--silent");
	run("node", "scripts/generate.mjs");
});
await step(`commit, and tag ${tag}`, () => {
	run("git", "commit", "--quiet", "--all", "--message", `Release ${version}`);
	run(
		"git",
		"tag",
		"--annotate",
		tag,
		"--message",
		`${manifest.name} ${version}`,
	);
});
await step(`pack ${name}.tgz`, async () => {
	await mkdir(out, { recursive: true });
	run("npm", "pack", "--ignore-scripts", "--silent", "--pack-destination", out);
});
await step(`write its bill of materials, ${name}.cdx.json`, async () => {
	await writeFile(join(out, `${name}.cdx.json`), await billOfMaterials());
});
await step("write the test vectors, their keys and their schema", () =>
	run("node", "scripts/vectors.mjs", out),
);
await step("write the command as one file, gitlab-oidc-mock.mjs", () =>
	run("node", "scripts/single-file.mjs", out),
);
const publish = publishScript({
	name: manifest.name,
	version,
	license: manifest.license,
	description: manifest.description,
	homepage: places.homepage.replace("#readme", ""),
});
await step("write publish.sh and SHA256SUMS", async () => {
	await writeFile(join(out, "publish.sh"), publish, { mode: 0o755 });
	const sums = [];
	for (const file of (await readdir(out)).sort()) {
		const hash = createHash("sha256").update(await readFile(join(out, file)));
		sums.push(`${hash.digest("hex")}  ${file}\n`);
	}
	await writeFile(join(out, "SHA256SUMS"), sums.join(""));
});
console.log(`
Nothing is published. ${dry ? "publish.sh would hold" : `To publish: sh release/${version}/publish.sh, which holds`}:

${publish}`);
