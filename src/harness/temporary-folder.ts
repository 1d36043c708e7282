// A folder that is gone when its user is done with it, or the process ends.
import { rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Makes one. */
export async function makeTemporaryFolder(): Promise<{
	path: string;
	remove(): Promise<void>;
}> {
	const path = await mkdtemp(join(tmpdir(), "gitlab-oidc-mock-"));
	const options = { recursive: true, force: true };
	const removeNow = () => rmSync(path, options);
	process.on("exit", removeNow);
	return {
		path,
		async remove() {
			await rm(path, options);
			process.off("exit", removeNow);
		},
	};
}
