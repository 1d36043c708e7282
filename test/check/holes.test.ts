// Libraries with published holes, each found by the scenario that bears its CVE.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import { checkRelyingParty } from "../../src/index.js";
import { HOLES } from "./holes.js";

beforeAll(async () => {
	await promisify(execFile)(
		"npm",
		["ci", "--ignore-scripts", "--no-audit", "--no-fund"],
		{ cwd: new URL("./holes/", import.meta.url), timeout: 110_000 },
	);
}, 120_000);

describe.each(HOLES)("$library, $cve", ({ cve, found, skip = [], verify }) => {
	test("is found", { timeout: 60_000 }, async () => {
		const result = await checkRelyingParty({
			verify: (token, place) => verify(token, place),
			skip: ["probe", ...skip],
			restart: () => undefined, // it caches nothing
			// Nobody limits a fetch here: a hang is a finding like others.
			limits: { timeout: 1 },
		});
		expect(result.reason).toBeNull();
		const dangerous = result.findings.filter(
			({ kind }) => kind === "dangerous",
		);
		expect(dangerous.map(({ id }) => id)).toEqual(
			expect.arrayContaining([...found]),
		);
		for (const id of found) {
			const finding = dangerous.find((one) => one.id === id);
			expect(finding).toMatchObject({ fails: true, level: "must" });
		}
		expect(
			dangerous
				.filter(({ id }) => found.includes(id))
				.flatMap(({ seen }) => seen),
		).toContain(cve);
		expect(result.conclusion).toBe("findings");
	});
});
