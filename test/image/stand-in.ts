// For machines without a Docker engine: the stand-in builder, then podman or, where it cannot, buildah for what it built.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Container, Engine, ImageConfig } from "./engine.js";
import { podmanImage, podmanRuns } from "./podman.js";
import { envOptions, execute, output } from "./process.js";

const BUILT = "image-under-test"; // the builder's name for what it built
const SETTINGS = {
	STORAGE_DRIVER: "vfs",
	BUILDAH_ISOLATION: "chroot",
	BUILDAH_FORMAT: "docker", // the OCI's own format has no HEALTHCHECK
};

const root = fileURLToPath(new URL("../../", import.meta.url));
/** Takes a folder and a command to run in the image that it builds of it. */
const builder = resolve(
	root,
	process.env.IMAGE_BUILDER ?? "../shared/tools/build-image",
);
const buildah = (...argv: string[]) => output("buildah", argv, SETTINGS);

export const standInEngine: Engine = {
	async build(folder) {
		if (!existsSync(builder)) {
			throw new Error(
				`an image needs a Docker engine (\`docker info\` finds none) or a builder in $IMAGE_BUILDER (there is no ${builder})`,
			);
		}
		await output(builder, [folder, "true"], SETTINGS);
		const { FromImageID: image, Docker } = JSON.parse(
			await buildah("inspect", "--type", "image", BUILT),
		);
		const config: ImageConfig = Docker.config;
		if (await podmanRuns(image))
			return podmanImage(image, config, async () => {
				await buildah("rmi", image);
			});
		const id = await buildah("from", "--pull-never", BUILT);
		const files = await buildah("mount", id);
		const run = (argv: string[], env: Record<string, string> = {}) =>
			execute(
				"buildah",
				["run", ...envOptions(env), id, "--", ...argv],
				SETTINGS,
			);
		return {
			config,
			run: (argv) => run(argv),
			start: async (env) =>
				container(files, config, env, (argv) => run(argv, env)),
			async remove() {
				await buildah("umount", id);
				await buildah("rm", id);
				await buildah("rmi", image);
			},
		};
	},
};

/**
 * Starts the image's own command as process 1 of a PID namespace. buildah would make it an ordinary process,
 * and it is process 1 that the kernel spares every signal which it does not handle.
 */
function container(
	files: string,
	config: ImageConfig,
	env: Record<string, string>,
	exec: Container["exec"],
): Container {
	const given = Object.entries(env).map(([name, value]) => `${name}=${value}`);
	const child = spawn(
		"unshare",
		[
			...["--pid", "--fork", `--mount-proc=${files}/proc`],
			...["sh", "-c", 'mount --rbind /dev "$0/dev" && exec chroot "$@"', files],
			...[`--userspec=${config.User}`, files],
			...["env", "--ignore-environment", `--chdir=${config.WorkingDir}`],
			...[...config.Env, ...given],
			...[...(config.Entrypoint ?? []), ...(config.Cmd ?? [])],
		],
		{ stdio: ["ignore", "pipe", "pipe"] },
	);
	let printed = "";
	for (const stream of [child.stdout, child.stderr]) {
		stream.on("data", (chunk) => {
			printed += chunk;
		});
	}
	const closed = new Promise<number | null>((resolve, reject) => {
		child.once("close", resolve);
		child.once("error", reject);
	});
	/** Signals process 1, while there is one; `unshare` ends with it. */
	const signal = (name: NodeJS.Signals) => {
		const children = `/proc/${child.pid}/task/${child.pid}/children`;
		if (!existsSync(children)) return;
		for (const pid of readFileSync(children, "utf8").split(" ")) {
			if (pid !== "") process.kill(Number(pid), name);
		}
	};
	const end = () => signal("SIGKILL");
	process.once("exit", end); // where the tests did not come to their end
	return {
		exec,
		logs: async () => printed,
		async stop() {
			const begun = performance.now();
			signal("SIGTERM");
			return { code: await closed, took: performance.now() - begun };
		},
		async remove() {
			end();
			await closed;
			process.removeListener("exit", end);
		},
	};
}
