// Podman: real containers of an image that buildah has built, where this machine lets it make them.
import type { Container, Image, ImageConfig } from "./engine.js";
import { envOptions, execute, type Outcome, output } from "./process.js";

const SETTINGS = { STORAGE_DRIVER: "vfs" };
// runc, for crun refuses a machine with both versions of cgroups; limits that nobody needs a capability for. Without
// systemd there is nothing that would run the image's health check by the clock: the tests run it.
const RUNTIME = ["--runtime", "runc"];
const OPTIONS = [
	...["--network", "host", "--no-healthcheck"],
	...["--ulimit", "nofile=1024:4096", "--ulimit", "nproc=4096:4096"],
];

const podman = (...argv: string[]) =>
	output("podman", [...RUNTIME, ...argv], SETTINGS);
const tryPodman = (...argv: string[]) =>
	execute("podman", [...RUNTIME, ...argv], SETTINGS);

/** Not `podman run`, which does not always see the end of a container that ends at once. */
async function create(options: string[], image: string, argv: string[]) {
	const id = await podman("create", ...OPTIONS, ...options, image, ...argv);
	try {
		await podman("start", id);
	} catch (error) {
		await tryPodman("rm", "--force", id);
		throw error;
	}
	return id;
}

async function run(
	image: string,
	[program = "", ...argv]: string[],
): Promise<Outcome> {
	const id = await create(["--entrypoint", program], image, argv);
	try {
		const code = Number(await podman("wait", id));
		const { stdout, stderr } = await tryPodman("logs", id);
		return { code, stdout, stderr };
	} finally {
		await podman("rm", "--force", id);
	}
}

/** Whether containers of this image can be had here; it has `true`. */
export const podmanRuns = async (image: string): Promise<boolean> =>
	run(image, ["true"]).then(
		({ code }) => code === 0,
		() => false,
	);

export const podmanImage = (
	image: string,
	config: ImageConfig,
	remove: Image["remove"],
): Image => ({
	config,
	run: (argv) => run(image, argv),
	start: async (env) => container(await create(envOptions(env), image, [])),
	remove,
});

function container(id: string): Container {
	return {
		exec: (argv) => tryPodman("exec", id, ...argv),
		async logs() {
			const { stdout, stderr } = await tryPodman("logs", id);
			return stdout + stderr;
		},
		async stop() {
			const begun = performance.now();
			await podman("stop", "--time", "30", id);
			const took = performance.now() - begun;
			const code = await podman("inspect", "-f", "{{.State.ExitCode}}", id);
			return { code: Number(code), took };
		},
		async remove() {
			await podman("rm", "--force", "--time", "0", id);
		},
	};
}
