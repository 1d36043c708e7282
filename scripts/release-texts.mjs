// The texts of a release: the changelog with a date, the addresses of the repository, the script that publishes.
// @ts-check

/**
 * The changelog with what is unreleased under a version.
 * @param {string} changelog
 * @param {string} version
 * @param {string} day YYYY-MM-DD
 * @returns {string | undefined} undefined where there is nothing to release
 */
export function dated(changelog, version, day) {
	const [, entries] =
		/^## Unreleased\n(.*?)(?=^## |$(?![\s\S]))/ms.exec(changelog) ?? [];
	if (!entries?.trim()) return undefined;
	return changelog.replace(
		/^## Unreleased\n/m,
		`## Unreleased\n\n## ${version} - ${day}\n`,
	);
}

/**
 * What package.json says of where the project lives, from one address.
 * @param {string} repository `https://HOST/OWNER/NAME`, with or without `git+` and `.git`
 * @returns {{ repository: { type: string, url: string }, homepage: string, bugs: { url: string } } | undefined}
 */
export function whereabouts(repository) {
	const page = repository.replace(/^git\+/, "").replace(/(\.git)?\/?$/, "");
	if (!/^https:\/\/[\w.-]+(:\d+)?(\/[\w.-]+){2,}$/.test(page)) return undefined;
	const issues =
		new URL(page).hostname === "github.com" ? "issues" : "-/issues";
	return {
		repository: { type: "git", url: `git+${page}.git` },
		homepage: `${page}#readme`,
		bugs: { url: `${page}/${issues}` },
	};
}

/**
 * A package.json or package-lock.json with what is installed beside the package alone.
 * @param {{ devDependencies?: object, packages?: Record<string, { dev?: boolean, peer?: boolean, devOptional?: boolean, devDependencies?: object }> }} manifest
 */
export function withoutDevelopment({ devDependencies: _, ...manifest }) {
	if (!manifest.packages) return manifest;
	const packages = Object.entries(manifest.packages).flatMap(
		([path, { devDependencies: _, ...one }]) =>
			one.dev || one.peer || one.devOptional ? [] : [[path, one]],
	);
	return { ...manifest, packages: Object.fromEntries(packages) };
}

/**
 * The script that the owner runs, in a checkout of the tag.
 * @param {{ name: string, version: string, license: string, description: string, homepage: string }} release
 */
export function publishScript({
	name,
	version,
	license,
	description,
	homepage,
}) {
	const labels = {
		title: name,
		description,
		version,
		licenses: license,
		source: homepage,
		url: homepage,
	};
	// A version that is not meant for everybody is not what one gets without asking.
	const channel = version.includes("-") ? "next" : "latest";
	return `#!/bin/sh
# Publishes ${name} ${version}: the tag, the package, the image. IMAGE says where the image goes:
#   IMAGE=registry.example.com/you/${name} sh release/${version}/publish.sh
set -eu
: "\${IMAGE:?say where the image goes}"
cd "$(dirname "$0")"
# The image is built from what lies here.
test "$(git rev-parse HEAD)" = "$(git rev-parse "v${version}^{commit}")" && git diff --quiet HEAD || {
  echo "check out v${version} first, without changes" >&2
  exit 1
}
sha256sum --check SHA256SUMS

git push origin "v${version}" # and, when you are ready, the branch

# In a CI job with an ID token for it (trusted publishing) npm signs where the package was made; elsewhere it cannot.
if [ -n "\${CI:-}" ]; then provenance=--provenance; else provenance=; fi
npm publish ./${name}-${version}.tgz --access public --tag ${channel} $provenance

docker buildx build ../.. \\
  --platform linux/amd64,linux/arm64 \\
${Object.entries(labels)
	.map(
		([label, text]) =>
			`  --label org.opencontainers.image.${label}=${quoted(text)} \\`,
	)
	.join("\n")}
  --label org.opencontainers.image.revision="$(git rev-parse "v${version}^{commit}")" \\
  --provenance mode=max --sbom true \\
  --tag "$IMAGE:${version}" --tag "$IMAGE:${channel}" \\
  --metadata-file image.json --push
docker buildx imagetools inspect "$IMAGE:${version}" --format '{{ .Manifest.Digest }}' # what others pin: $IMAGE@sha256:…
`;
}

/** @param {string} text */
const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
