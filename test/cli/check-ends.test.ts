// `check` that comes to its end: nothing is left, though a pipe is closed or a disk is full.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
	allEnded,
	codeOf,
	HTTP,
	LIMIT,
	makeFolder,
	pidsIn,
	START,
	startCheck,
} from "./check-process.js";
import { MAIN } from "./command.js";

test("an end of its own leaves nothing either", LIMIT, async () => {
	const folder = await makeFolder();
	const check = await startCheck(
		[...HTTP, "--start", START, "--only", "time/expired"],
		{ folder },
	);
	expect(await check.closed).toBe(1);
	if (process.platform === "linux") await allEnded(await pidsIn(folder));
});

describe("the verdict's exit code stays", () => {
	test("though the pipe is closed", LIMIT, async () => {
		for (const stream of ["stdout", "stderr"] as const) {
			const folder = await makeFolder();
			const report = join(folder, "report.xml");
			const check = await startCheck(
				[
					...[...HTTP, "--start", START, "--only", "time/expired"],
					...["--report", "html=-", "--report", `junit=${report}`],
				],
				{ folder },
			);
			check.child[stream].destroy();
			expect(await check.closed).toBe(1);
			expect(await readFile(report, "utf8")).toContain("</testsuites>");
			if (process.platform === "linux") await allEnded(await pidsIn(folder));
		}
	});
});

describe.runIf(existsSync("/dev/full"))("a disk that is full", () => {
	test("costs one report, and not the others", LIMIT, async () => {
		const folder = await makeFolder();
		const report = join(folder, "report.xml");
		const check = await startCheck(
			[
				...[...HTTP, "--start", START, "--only", "time/expired"],
				...["--report", "json=/dev/full", "--report", `junit=${report}`],
			],
			{ folder },
		);
		expect(await check.closed).toBe(2);
		expect(check.stderr()).toMatch(
			/^error: --report json=\/dev\/full: cannot write it: ENOSPC/m,
		);
		expect(check.stdout()).toContain("FAILED");
		expect(await readFile(report, "utf8")).toContain("</testsuites>");
	});

	test("under standard output is told, too", LIMIT, async () => {
		const folder = await makeFolder();
		const report = join(folder, "report.xml");
		const child = spawn(
			"sh",
			[
				"-c",
				`"${process.execPath}" "${MAIN}" check --http http://127.0.0.1:{port}/ --start '${START}' --only time/expired --report "junit=${report}" > /dev/full`,
			],
			{ env: { PATH: process.env.PATH, CHILDREN: join(folder, "children") } },
		);
		let stderr = "";
		child.stderr.on("data", (chunk) => {
			stderr += chunk;
		});
		expect(await codeOf(child)).toBe(2);
		expect(stderr).toContain("cannot write to standard output: ENOSPC");
		expect(await readFile(report, "utf8")).toContain("</testsuites>");
	});
});
