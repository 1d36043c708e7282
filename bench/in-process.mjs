// How many tokens a second the library makes, beside what OpenSSL signs with such a key on the same cores.
// @ts-check
import { execFile } from "node:child_process";
import { availableParallelism } from "node:os";
import { promisify } from "node:util";
import { startGitLab } from "../dist/index.js";
import { best, inTurns } from "./rounds.mjs";

const AT_ONCE = 16; // tokens that are being made
const SECONDS = 2;
const ROUNDS = 4;

/** Tokens and OpenSSL's signatures a second. */
export async function measureInProcess() {
	const gitlab = await startGitLab();
	try {
		return await inTurns(ROUNDS, best, {
			tokens: () => tokensPerSecond(gitlab),
			signatures: signaturesPerSecond,
		});
	} finally {
		await gitlab.close();
	}
}

/** @param {import("../dist/index.js").GitLab} gitlab */
async function tokensPerSecond(gitlab) {
	const begun = performance.now();
	let made = 0;
	const makeSome = async () => {
		while (performance.now() - begun < SECONDS * 1000) {
			await gitlab.token("ref/protected-tag");
			made += 1;
		}
	};
	await Promise.all(Array.from({ length: AT_ONCE }, makeSome));
	return (made * 1000) / (performance.now() - begun);
}

async function signaturesPerSecond() {
	const { stdout } = await promisify(execFile)("openssl", [
		...["speed", "-seconds", String(SECONDS)],
		...["-multi", String(availableParallelism()), "rsa2048"],
	]);
	// rsa 2048 bits 0.000146s 0.000010s 6842.7 104899.7: times, then signatures and verifications a second
	return Number(/^rsa +2048 bits(?: +[\d.]+s)+ +([\d.]+)/m.exec(stdout)?.[1]);
}
