// Programs in Go, built with Debian's libraries, which are sources below GOPATH, without modules and without a network.
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Later } from "./cases.js";
import { start } from "./program.js";

/** The packages of Go itself, compiled: up to Go 1.19, for a build with cgo, which needs no C compiler for them. */
const COMPILED = "/usr/lib/go/pkg/linux_amd64/net.a";

/** Builds the program at `source`, and gives where it is. */
export async function buildGo(
	source: string,
	home: string,
	later: Later,
): Promise<string> {
	const binary = join(home, "program");
	const build = start("go", ["build", "-o", binary, source], {
		from: "Debian's golang-go and golang-github-coreos-go-oidc-dev",
		home,
		later,
		env: {
			CGO_ENABLED: existsSync(COMPILED) ? "1" : "0",
			GO111MODULE: "off",
			GOPATH: "/usr/share/gocode",
			GOCACHE: join(home, "cache"),
		},
	});
	await build.until("built", () =>
		build.child.exitCode === 0 ? true : undefined,
	);
	return binary;
}
