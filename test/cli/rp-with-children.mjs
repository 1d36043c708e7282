// A relying party that lets everybody in, slowly, and has started others: one of its group, one that left it, and one
// that has lost its parent besides. It writes the process ids of all to CHILDREN, and ignores SIGTERM if STUBBORN.
// @ts-check
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";

const { PORT, CHILDREN, STUBBORN, SLOW } = process.env;
const sleeper = ["600"];
const near = spawn("sleep", sleeper, { stdio: "ignore" });
const away = spawn("sleep", sleeper, { stdio: "ignore", detached: true });
const orphan = "sleep 600 > /dev/null 2>&1 & echo $!";
const between = spawn("sh", ["-c", orphan], { detached: true });
if (STUBBORN) process.on("SIGTERM", () => undefined);

between.stdout.once("data", (pid) => {
	const pids = [process.pid, near.pid, away.pid, Number(pid)];
	let asked = 0;
	createServer((_, response) => {
		asked += 1;
		if (asked === 5) writeFileSync(`${CHILDREN}.asked`, "");
		setTimeout(() => response.end("welcome\n"), Number(SLOW ?? 0));
	}).listen(Number(PORT), "127.0.0.1", () =>
		writeFileSync(String(CHILDREN), JSON.stringify(pids)),
	);
});
