// A token and what goes with it, for the tests of the targets.
import { existsSync, readFileSync } from "node:fs";
import { onTestFinished } from "vitest";
import type {
	Presentation,
	Target,
} from "../../../src/relying-party/target/target.js";

export const TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl";

/** `token` for the audience of the tests. */
export const presentation = (token: string = TOKEN): Presentation => ({
	token,
	issuer: "http://127.0.0.1:8080",
	audience: "https://rp.test/a b",
	scenario: "valid/baseline",
});

/** `target`, closed when the test ends. */
export function closing(target: Target): Target {
	onTestFinished(() => target.close());
	return target;
}

/** A program of Node's that runs `source`. */
export const node = (source: string): string[] => [
	process.execPath,
	"-e",
	source,
];

/** Whether the process still runs. One that has ended may be listed until its parent looks. */
export function isRunning(pid: number): boolean {
	try {
		process.kill(pid, 0);
	} catch {
		return false;
	}
	try {
		return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
	} catch {
		return !existsSync("/proc/self/stat");
	}
}
