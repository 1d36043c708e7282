// Key files: made for their owner alone, read strictly, and never quoted in an error.
import { execFile } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import {
	chmod,
	mkdtemp,
	readdir,
	readFile,
	rm,
	stat,
	writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect, promisify } from "node:util";
import { afterAll, describe, expect, test } from "vitest";
import {
	openKeyFile,
	readKeyFile,
	writeKeyFile,
} from "../../src/token/key-file.js";
import {
	generateKeySet,
	privateJwk,
	publicPem,
	type SigningKey,
} from "../../src/token/keys.js";
import { rejection } from "../refusal.js";

const folder = await mkdtemp(join(tmpdir(), "key-file-"));
afterAll(() => rm(folder, { recursive: true }));
let count = 0;
const path = () => join(folder, `${++count}.json`);

const keys = await generateKeySet();
const [signIn, ci] = [privateJwk(keys.signIn), privateJwk(keys.ci)];
const kids = [keys.signIn.kid, keys.ci.kid];
const HINT = "; make a new one with: gitlab-oidc-mock keys --new FILE";

async function fileOf(content: unknown, mode = 0o600) {
	const file = path();
	await writeFile(
		file,
		typeof content === "string" ? content : JSON.stringify(content),
	);
	await chmod(file, mode);
	return file;
}

describe("writeKeyFile", () => {
	test("makes a private JWKS, the sign-in key first, for its owner alone", async () => {
		const file = path();
		await writeKeyFile(file, keys);
		expect((await stat(file)).mode & 0o777).toBe(0o600);
		expect(JSON.parse(await readFile(file, "utf8"))).toEqual({
			keys: [signIn, ci],
		});
		const read = await readKeyFile(file);
		expect([read.signIn.kid, read.ci.kid]).toEqual(kids);
	});

	test("never replaces a file, and leaves no draft behind", async () => {
		const file = await fileOf("kept");
		expect(await rejection(writeKeyFile(file, keys))).toEqual({
			code: "file",
			message: expect.stringMatching(`^cannot write ${file}: EEXIST`),
		});
		expect(await readFile(file, "utf8")).toBe("kept");
		expect((await readdir(folder)).filter((name) => /new/.test(name))).toEqual(
			[],
		);
	});

	test("is done by exactly one of several at once", async () => {
		const file = path();
		const outcomes = await Promise.allSettled(
			Array.from({ length: 8 }, () => writeKeyFile(file, keys)),
		);
		const done = outcomes.filter(({ status }) => status === "fulfilled");
		expect(done).toHaveLength(1);
		expect((await readKeyFile(file)).ci.kid).toBe(keys.ci.kid);
	});

	test("says where it cannot write", async () => {
		const file = join(folder, "nowhere", "keys.json");
		expect(await rejection(writeKeyFile(file, keys))).toEqual({
			code: "file",
			message: expect.stringMatching(`^cannot write ${file}: ENOENT`),
		});
	});
});

describe("openKeyFile", () => {
	test("makes the file once", async () => {
		const file = path();
		const made = await openKeyFile(file);
		const read = await openKeyFile(file);
		expect(read.ci.jwk).toEqual(made.ci.jwk);
		expect((await stat(file)).mode & 0o777).toBe(0o600);
	});

	test("gives all who ask at once the same keys", async () => {
		const file = path();
		const opened = await Promise.all(
			Array.from({ length: 4 }, () => openKeyFile(file)),
		);
		expect(new Set(opened.map(({ ci }) => ci.kid)).size).toBe(1);
	});

	test("gives two processes the same keys", async () => {
		const file = path();
		const module = new URL("../../dist/token/key-file.js", import.meta.url);
		const script = `import { openKeyFile } from ${JSON.stringify(module.href)};
			process.stdout.write((await openKeyFile(${JSON.stringify(file)})).ci.kid)`;
		const open = () =>
			promisify(execFile)(process.execPath, [
				"--input-type=module",
				"--eval",
				script,
			]);
		const [one, two] = await Promise.all([open(), open()]);
		expect(one.stdout).toBe((await readKeyFile(file)).ci.kid);
		expect(two.stdout).toBe(one.stdout);
	});
});

const short = generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey;
const ec = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
const { d, p, q, dp, dq, qi, ...open } = ci;

const pemOf = (type: "pkcs1" | "pkcs8", { privateKey }: SigningKey): string =>
	privateKey.export({ type, format: "pem" }).toString();

describe("readKeyFile", () => {
	test.for(["pkcs1", "pkcs8"] as const)("reads PEM: %s", async (type) => {
		const file = await fileOf(pemOf(type, keys.signIn) + pemOf(type, keys.ci));
		const read = await readKeyFile(file);
		expect([read.signIn.kid, read.ci.kid]).toEqual(kids);
	});

	test("says what cannot be read", async () => {
		const file = path();
		expect(await rejection(readKeyFile(file))).toEqual({
			code: "file",
			message: expect.stringMatching(`^cannot read ${file}: ENOENT`),
		});
	});

	test.for([
		[0o600, true],
		[0o400, true],
		[0o640, true],
		[0o644, false],
		[0o604, false],
		[0o602, false],
	] as const)("of mode %o: %s", async ([mode, fine]) => {
		const file = await fileOf({ keys: [signIn, ci] }, mode);
		expect(await rejection(readKeyFile(file))).toEqual(
			fine
				? "accepted"
				: {
						code: "invalid_keys",
						message: `${file} holds private keys and is open to every user; close it with: chmod 600 ${file}`,
					},
		);
	});

	const COUNT =
		'neither a private JWKS of two keys, {"keys":[sign-in key, CI key]}, nor two private keys as PEM';
	const PRIVATE = "is not a private RSA key";
	test.for<[string, unknown, string]>([
		["empty", "", "not JSON"],
		[
			"cut short",
			JSON.stringify({ keys: [signIn, ci] }).slice(0, -9),
			"not JSON",
		],
		["a list", [signIn, ci], COUNT],
		["null", null, COUNT],
		["one key", { keys: [ci] }, COUNT],
		["three keys", { keys: [signIn, ci, ci] }, COUNT],
		["no list", { keys: { 0: signIn, 1: ci, length: 2 } }, COUNT],
		["public", { keys: [signIn, open] }, `keys[1] ${PRIVATE}`],
		[
			"without a prime",
			{ keys: [signIn, { ...ci, p: undefined }] },
			`keys[1] ${PRIVATE}`,
		],
		[
			"a number for d",
			{ keys: [{ ...signIn, d: 7 }, ci] },
			`keys[0] ${PRIVATE}`,
		],
		["d as kty", { keys: [{ ...signIn, kty: d }, ci] }, `keys[0] ${PRIVATE}`],
		[
			"d of another key",
			{ keys: [signIn, { ...ci, d: signIn.d, p: signIn.p, q: signIn.q }] },
			"keys[1] is a key whose private and public parts do not fit",
		],
		["one PEM key", pemOf("pkcs8", keys.ci), COUNT],
		["public as PEM", publicPem(keys.ci) + publicPem(keys.signIn), COUNT],
		[
			"cut short as PEM",
			pemOf("pkcs8", keys.ci) + pemOf("pkcs8", keys.signIn).slice(0, -40),
			COUNT,
		],
		[
			"PEM of another kind",
			pemOf("pkcs8", keys.ci) +
				ec.export({ type: "pkcs8", format: "pem" }).toString(),
			`keys[1] ${PRIVATE}`,
		],
		["no keys at all", { keys: [null, "key"] }, `keys[0] ${PRIVATE}`],
		[
			"an EC key",
			{ keys: [signIn, ec.export({ format: "jwk" })] },
			`keys[1] ${PRIVATE}`,
		],
		[
			"a short key",
			{ keys: [short.export({ format: "jwk" }), ci] },
			"keys[0] is not an RSA key of 2048 bits or more",
		],
		[
			"the same key twice",
			{ keys: [ci, { ...ci, kid: "other" }] },
			"both keys are the same",
		],
	])("refuses a file that is %s", async ([, content, why]) => {
		const file = await fileOf(content);
		const refused = await rejection(readKeyFile(file));
		expect(refused).toEqual({
			code: "invalid_keys",
			message: `${file}: ${why}${HINT}`,
		});
	});

	test("refuses a file above 1 MiB, and reads one of just that", async () => {
		const text = JSON.stringify({ keys: [signIn, ci] });
		const padded = (size: number) => fileOf(text.padEnd(size));
		expect(await rejection(readKeyFile(await padded(2 ** 20)))).toBe(
			"accepted",
		);
		const file = await padded(2 ** 20 + 1);
		expect(await rejection(readKeyFile(file))).toEqual({
			code: "invalid_keys",
			message: `${file} is larger than 1 MiB`,
		});
	});

	const secrets = [signIn, ci].flatMap((jwk) =>
		[jwk.d, jwk.p, jwk.q, jwk.dp, jwk.dq, jwk.qi].map((value) =>
			String(value).slice(0, 12),
		),
	);
	test.for<[string, unknown]>([
		["text before", `secret ${JSON.stringify({ keys: [signIn, ci] })}`],
		["no quotes", JSON.stringify(ci).replaceAll('"', "")],
		["the private part as text", { keys: [d, q] }],
		["the private part as kty", { keys: [{ ...ci, kty: d }, signIn] }],
		["the private part as e", { keys: [{ ...ci, e: [d] }, signIn] }],
		["the private part in a list", { keys: [{ ...ci, d: [d, p, q] }, signIn] }],
	])("never quotes the file: %s", async ([, content]) => {
		const file = await fileOf(content);
		const thrown: unknown = await readKeyFile(file).catch((error) => error);
		expect(thrown).toBeInstanceOf(Error);
		const told = inspect(thrown, { depth: 9, showHidden: true });
		for (const secret of secrets) expect(told).not.toContain(secret);
	});
});
