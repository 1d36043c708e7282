// A Docker engine.
import type { Container, Engine, ImageConfig } from "./engine.js";
import { envOptions, execute, output } from "./process.js";

const docker = (...argv: string[]) => output("docker", argv);

/** Whether there is one. */
export const hasDocker = async (): Promise<boolean> =>
	(await execute("docker", ["info"])).code === 0;

export const dockerEngine: Engine = {
	async build(folder) {
		const image = await docker("build", "--quiet", folder);
		const [{ Config }] = JSON.parse(await docker("image", "inspect", image));
		return {
			config: Config as ImageConfig,
			run: ([program = "", ...argv]) =>
				execute("docker", [
					...["run", "--rm", "--entrypoint", program, image],
					...argv,
				]),
			async start(env) {
				const options = ["--network", "host", ...envOptions(env)];
				return container(await docker("run", "--detach", ...options, image));
			},
			remove: async () => {}, // the engine's cache is the user's
		};
	},
};

function container(id: string): Container {
	return {
		exec: (argv) => execute("docker", ["exec", id, ...argv]),
		async logs() {
			const { stdout, stderr } = await execute("docker", ["logs", id]);
			return stdout + stderr;
		},
		async stop() {
			const begun = performance.now();
			await docker("stop", "-t", "30", id);
			const took = performance.now() - begun;
			const code = await docker("inspect", "-f", "{{.State.ExitCode}}", id);
			return { code: Number(code), took };
		},
		async remove() {
			await docker("rm", "--force", "--volumes", id);
		},
	};
}
