// A relying party that lets everybody in, slowly, and has started others: one of its group, one that left it, and one
// that has lost its parent besides. It writes the process ids of all to CHILDREN, and ignores SIGTERM if STUBBORN.
// @ts-check
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";

const { PORT, CHILDREN, STUBBORN, SLOW } = process.env;
const sleeper = "setInterval(() => undefined, 1000)";
const node = process.execPath;
const near = spawn(node, ["-e", sleeper], { stdio: "ignore" });
const away = spawn(node, ["-e", sleeper], { stdio: "ignore", detached: true });
const orphan = `const child = require("child_process").spawn(process.execPath, ["-e", ${JSON.stringify(sleeper)}], { stdio: "ignore", detached: true }); console.log(child.pid); process.exit()`;
const between = spawn(node, ["-e", orphan], { detached: true });
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
