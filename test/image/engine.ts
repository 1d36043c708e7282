// What the tests need of a container engine.
import type { Outcome } from "./process.js";

/** What an image says of how it is to be run, in Docker's words. */
export interface ImageConfig {
	User: string;
	Env: string[];
	WorkingDir: string;
	Entrypoint: string[] | null;
	Cmd: string[] | null;
	ExposedPorts: Record<string, object>;
	Healthcheck?: { Test: string[] };
}

/** Containers share the network of this machine: that is what every engine can do. */
export interface Image {
	config: ImageConfig;
	/** Runs a command in it, to its end. */
	run(argv: string[]): Promise<Outcome>;
	/** Starts its own command as process 1. */
	start(env: Record<string, string>): Promise<Container>;
	/** Removes what the tests put beside the image. */
	remove(): Promise<void>;
}

export interface Container {
	/** Runs one more command, with the same environment. */
	exec(argv: string[]): Promise<Outcome>;
	/** What the first command has printed. */
	logs(): Promise<string>;
	/** Asks the first command to end, by SIGTERM, and waits for it; `took` is in milliseconds. */
	stop(): Promise<{ code: number | null; took: number }>;
	/** Ends it, whatever state it is in. */
	remove(): Promise<void>;
}

export interface Engine {
	build(folder: string): Promise<Image>;
}
