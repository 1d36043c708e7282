// What an attack sends: requests that are in order, that are not, and bytes that are none. The same seed, the same bytes.
// @ts-check

/** @typedef {ReturnType<typeof randomness>} Randomness */
/** @typedef {{ scenarios: string[], kids: string[], secret: string }} Known what is there to name, and what must never come back */

/** @param {number} seed */
export function randomness(seed) {
	let state = seed >>> 0;
	/** from 0 to below 1 (mulberry32) */
	const next = () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
	const int = (/** @type {number} */ below) => Math.floor(next() * below);
	/** @template T @param {readonly T[]} list @returns {T} */
	const pick = (list) => /** @type {T} */ (list[int(list.length)]);
	const chance = (/** @type {number} */ share) => next() < share;
	const bytes = (/** @type {number} */ length) =>
		Buffer.from(Array.from({ length }, () => int(256)));
	return { next, int, pick, chance, bytes };
}

const GITLAB = [
	"/.well-known/openid-configuration",
	"/.well-known/oauth-authorization-server",
	"/oauth/discovery/keys",
	"/.well-known/webfinger?resource=acct:a@b",
];
const MOCK = [
	...["/_mock/clock", "/_mock/keys", "/_mock/faults", "/_mock/instances"],
	...["/_mock/health", "/_mock/token", "/_mock/ca.pem", "/_mock/next"],
	...["/_mock/attacker/keys", "/_mock/attacker/certificate.pem", "/_mock/x"],
];
/** Their answers are of a size that a server is busy with for a while. */
const LARGE = [
	...["/_mock/openapi.json", "/_mock/scenarios", "/_mock/requests"],
	"/_mock/requests?wait=1s&path=/never",
];
const METHODS = [
	"GET",
	"HEAD",
	"OPTIONS",
	"POST",
	"PUT",
	"DELETE",
	"PATCH",
	"TRACE",
	"PROPFIND",
];
const NAMES = ["a", "b", "c", "d.e", "f-g", "h", "i", "j"];
const HOSTS = [
	"localhost",
	"127.0.0.1:8080",
	"[::1]",
	"gitlab",
	"host.test",
	"evil.test",
	"[:::]",
	"1.2.3.999",
	"a b",
	"",
	"a:99999",
	"@",
];
const HOSTILE = [
	"__proto__",
	"constructor",
	"\u0000",
	"../..",
	"%2e%2e%2f",
	"\u202e",
	"é",
	"🦊",
	"-eyJaaaaaaaa",
	"{",
	"[".repeat(500),
	"'; --",
	"$(x)",
];

/** @param {Randomness} random */
const word = ({ pick, int }) => pick(HOSTILE).repeat(1 + int(3));

/** @param {Randomness} random @returns {Record<string, unknown>} a fault that a server takes, of every kind */
function fault({ pick, int, chance }) {
	/** @type {Record<string, () => unknown>} */
	const kinds = {
		status: () => pick([200, 204, 205, 304, 404, 418, 500, 503, 599]),
		body: () => pick(["", "<b>", "x".repeat(5000), { a: 1 }, null, 7]),
		headers: () => ({
			[pick([
				"Content-Length",
				"Transfer-Encoding",
				"Connection",
				"Upgrade",
				"X",
				"Date",
			])]: pick(["chunked", "0", "1", "-1", "close", ""]),
		}),
		redirect: () => pick(["{issuer}/x", "{attacker}", "//evil.test", "x"]),
		delay: () => pick([0, 0.001, 0.05, "1s"]),
		drip: () => ({
			bytes: pick([1, 100, 65_536]),
			every: pick([0, 0.001, 0.1]),
		}),
		truncate: () => int(3000),
		members: () => ({
			[pick(["issuer", "jwks_uri", "keys", "x"])]: pick([
				"{attacker}",
				[],
				1,
				null,
			]),
		}),
		publish: () => [
			pick(["second", "ec-p256", "ed25519", "exponent-1", "rsa-1024"]),
		],
		keys: () =>
			pick([
				"empty",
				"without-ours",
				"unknown-key-types",
				"duplicate-kid",
				"same-kid-new-key",
				"symmetric-key",
			]),
		size: () => pick([1, 3000, 300_000]),
	};
	const names = Object.keys(kinds).filter(() => chance(0.25));
	if (chance(0.1)) return { reset: true, times: 1 + int(3) };
	const chosen = names.map((name) => [name, kinds[name]?.()]);
	return {
		...Object.fromEntries(chosen),
		times: 1 + int(20),
		...(chance(0.3) && { probability: 0.5 }),
	};
}

/** @param {Randomness} random @param {Known} known @returns {[string, string, unknown?]} method, path and body of a change */
function change(random, { kids, scenarios }) {
	const { pick, int, chance } = random;
	const kid = pick(kids);
	const path = pick([...GITLAB.map((one) => one.split("?", 1)[0]), "/*", "/x"]);
	/** @type {(() => [string, string, unknown?])[]} */
	const cheap = [
		() => ["PUT", "/_mock/faults", { [String(path)]: fault(random) }],
		() => [
			"PUT",
			"/_mock/faults",
			{ "/*": { headers: { Trailer: "x" }, truncate: 0 } },
		],
		() => ["DELETE", "/_mock/faults"],
		() => [
			"PUT",
			"/_mock/clock",
			pick([
				{ now: int(2e9) },
				{ offset: `${int(99)}d` },
				{ advance: "1h" },
				{ now: "x" },
			]),
		],
		() => ["DELETE", "/_mock/clock"],
		() => ["POST", "/_mock/next", { scenario: [pick(scenarios)] }],
		() => ["POST", "/_mock/keys/retire", { kid }],
		() => ["POST", "/_mock/keys/publish", { kid }],
		() => ["POST", "/_mock/keys/sign", { kid, key: pick(["ci", "sign-in"]) }],
		() => ["POST", "/_mock/reset", { keys: chance(0.5) }],
		() => [
			"POST",
			"/_mock/instances",
			pick([
				{ name: pick(NAMES) },
				{ host: "host.test" },
				{ [word(random)]: word(random) },
			]),
		],
		() => ["DELETE", `/_mock/instances/${pick([...NAMES, "host.test"])}`],
		() => ["DELETE", "/_mock/requests"],
		() => [
			"POST",
			"/_mock/jobs",
			{
				file: pick([
					`a: { script: x, id_tokens: { T: { aud: x } } }`,
					word(random),
					"a: &a [*a]",
				]),
				job: "a",
			},
		],
		() => [
			"POST",
			"/_mock/token",
			{
				scenario: pick(scenarios),
				set: [`${word(random)}=${word(random)}`],
				job: { ref: word(random) },
			},
		],
	];
	/** each takes a key of 2048 bits to make @type {(() => [string, string, unknown?])[]} */
	const dear = [
		() => [
			"POST",
			"/_mock/keys/rotate",
			{ order: pick(["at-once", "sign-first", "publish-first"]) },
		],
		() => ["POST", "/_mock/keys/add", {}],
		() => ["POST", "/_mock/keys/replace", { kid }],
		() => ["GET", `/${pick(NAMES)}/oauth/discovery/keys`],
	];
	return pick(chance(0.02) ? dear : cheap)();
}

/** @param {Randomness} random @param {Known} known */
function wellFormed(random, known) {
	const { pick, chance } = random;
	let [method, path, body] = chance(0.15)
		? change(random, known)
		: [
				chance(0.8) ? "GET" : pick(METHODS),
				pick([
					...(chance(0.01) ? LARGE : [...GITLAB, ...GITLAB, ...MOCK]),
					`/_mock/token/${pick(known.scenarios)}`,
				]),
			];
	if (chance(0.1)) path = `/${pick(NAMES)}${path}`;
	if (chance(0.1)) {
		const name = pick([
			"access_token",
			"private_token",
			"client_secret",
			"code",
			"password",
			"jwt",
		]);
		path += `${path.includes("?") ? "&" : "?"}${name}=${known.secret}`;
	}
	if (chance(0.05))
		path += `?${encodeURIComponent(word(random))
			.replaceAll("%2F", "/")
			.repeat(1 + random.int(40))}`;
	const text = body === undefined ? "" : JSON.stringify(body);
	const headers = [
		`Host: ${chance(0.9) ? "localhost" : pick(HOSTS)}`,
		...(body === undefined
			? []
			: [`Content-Length: ${Buffer.byteLength(text)}`]),
		...(body === undefined || chance(0.05)
			? []
			: ["Content-Type: application/json"]),
		...(chance(0.05) ? [`Authorization: Bearer ${known.secret}`] : []),
		...(chance(0.03)
			? [
					`Origin: ${pick(["http://localhost:1", "null", "https://evil.test", "x"])}`,
				]
			: []),
		...(chance(0.03)
			? [`Sec-Fetch-Site: ${pick(["cross-site", "same-site", "x"])}`]
			: []),
		...(chance(0.05)
			? [`If-None-Match: ${pick(["*", 'W/"x"', word(random)])}`]
			: []),
		...(chance(0.02) ? [`Expect: ${pick(["100-continue", "x"])}`] : []),
		...(chance(0.02) ? ["Upgrade: websocket", "Connection: upgrade"] : []),
	];
	return Buffer.from(
		`${method} ${path} HTTP/1.1\r\n${headers.join("\r\n")}\r\n\r\n${text}`,
	);
}

/** @param {Randomness} random @param {Known} known bytes that break a rule of HTTP, or many */
function malformed(random, known) {
	const { pick, int, bytes } = random;
	const good = wellFormed(random, known);
	/** @type {(() => Buffer | string)[]} */
	const ways = [
		() => bytes(int(400)),
		() => good.subarray(0, int(good.length)),
		() => {
			const bent = Buffer.from(good);
			for (let turn = 0; turn <= int(4); turn++)
				bent[int(bent.length)] = int(256);
			return bent;
		},
		() =>
			`GET ${pick(["http://[/", "http://a:b/", "//", "*", "x", "http://", "\\\\"])} HTTP/1.1\r\nHost: a\r\n\r\n`,
		() => `CONNECT ${pick(HOSTS)} HTTP/1.1\r\nHost: a\r\n\r\n`,
		() => `GET / HTTP/1.1\r\n${"X: y\r\n".repeat(int(3000))}\r\n`,
		() => `GET /${"a".repeat(int(30_000))} HTTP/1.1\r\nHost: a\r\n\r\n`,
		() =>
			`GET /x?${"-eyJaaaaaaaa".repeat(int(1200))} HTTP/1.1\r\nHost: a\r\n\r\n`,
		() =>
			"POST /_mock/token HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		() =>
			`POST /_mock/token HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${pick(["zz", "-1", "ffffffff", "5"])}\r\n{`,
		() =>
			`PUT /_mock/faults HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 999999999\r\n\r\n{`,
		() =>
			`PUT /_mock/clock HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 20\r\n\r\n{"__proto__":{"x":1}`,
		() => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
		() => "GET / HTTP/1.1\r\n\r\n",
		() => "GET / HTTP/9.9\r\nHost: a\r\n\r\n",
		() => "GET / HTTP/1.1\nHost: a\n\n",
	];
	return Buffer.from(pick(ways)());
}

/**
 * What one connection sends.
 * @param {Randomness} random @param {Known} known
 * @returns {Buffer[]} a request each, or what is in the place of one
 */
export function connection(random, known) {
	const { int, chance } = random;
	const pieces = Array.from({ length: 1 + int(24) }, () =>
		chance(0.02) ? malformed(random, known) : wellFormed(random, known),
	);
	// Where nothing came in between, the server ends it.
	const last = "GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
	return [...pieces, Buffer.from(last)];
}
