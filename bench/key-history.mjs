// Many clients change, use and read a server's keys at once. What they saw is written down, and judged afterwards: no
// order of the changes explains a token of a key that was withdrawn before it was asked for, or a JWKS without a key that was there.
// @ts-check

const KEYS = "/oauth/discovery/keys";

/**
 * @typedef {{ begun: number, ended: number }} Time between two moments: somewhere in it, it happened
 * @typedef {Time & { of: (kid: string) => boolean }} Change
 * @typedef {Time & { kids: string[] }} Seen
 * @typedef {{ published: Change[], withdrawn: Change[], tokens: Seen[], documents: Seen[], refused: string[] }} History
 */

/**
 * Plays one history; the same seed, the same wishes.
 * @param {string} url of a server that nobody else uses, without a control token
 * @param {{ seed: number, clients?: number, steps?: number }} options
 * @returns {Promise<{ wrong: string[], tokens: number, documents: number, changes: number }>}
 */
export async function keyHistory(url, { seed, clients = 6, steps = 30 }) {
	const random = generator(seed);
	let moment = 0;
	/** @type {History} */
	const history = {
		published: [],
		withdrawn: [],
		tokens: [],
		documents: [],
		refused: [],
	};

	/** @param {string} path @param {string} [method] @param {object} [body] */
	async function ask(path, method = "GET", body) {
		const begun = ++moment;
		const response = await fetch(url + path, {
			method,
			signal: AbortSignal.timeout(10_000),
			...(body && {
				body: JSON.stringify(body),
				headers: { "Content-Type": "application/json" },
			}),
		});
		const text = await response.text();
		const { status } = response;
		if (status >= 500 && path !== KEYS)
			history.refused.push(`${method} ${path}: ${status}`);
		return { status, text, begun, ended: ++moment };
	}
	const first = kidsOf(JSON.parse((await ask(KEYS)).text));
	const known = new Set(first);
	const isFirst = (/** @type {string} */ kid) => first.includes(kid);
	history.published.push({ of: isFirst, begun: 0, ended: 0 });

	/** @type {Record<string, () => Promise<void>>} */
	const wishes = {
		async token() {
			const { text, begun, ended } = await ask("/_mock/token");
			history.tokens.push({ kids: [kidOf(text)], begun, ended });
		},
		async document() {
			const answer = await ask(KEYS).catch(() => undefined);
			if (answer?.status !== 200) return; // a fault
			const { text, begun, ended } = answer;
			history.documents.push({ kids: kidsOf(JSON.parse(text)), begun, ended });
		},
		// Who rotated withdraws the key that signed before: what a careful operator does, only too early.
		async rotate() {
			const before = kidOf((await ask("/_mock/token")).text);
			const { text, begun, ended } = await ask(
				"/_mock/keys/rotate",
				"POST",
				{},
			);
			const signs = JSON.parse(text).keys.find(
				(/** @type {{ signs: string[] }} */ key) => key.signs.includes("ci"),
			);
			known.add(signs.kid);
			const is = (/** @type {string} */ named) => (/** @type {string} */ kid) =>
				kid === named;
			history.published.push({ of: is(signs.kid), begun, ended });
			// A reset has the first ones sign again: whoever withdrew them would have asked for what is wrong.
			if (isFirst(before) || before === signs.kid || random() < 0.3) return;
			const retired = await ask("/_mock/keys/retire", "POST", { kid: before });
			if (retired.status === 200)
				history.withdrawn.push({ of: is(before), ...retired });
		},
		async reset() {
			const { begun, ended } = await ask("/_mock/reset", "POST", {
				keys: true,
			});
			history.withdrawn.push({ of: (kid) => !isFirst(kid), begun, ended });
		},
		async fault() {
			const fault = random() < 0.5 ? { status: 503 } : { reset: true };
			await ask("/_mock/faults", "PUT", { [KEYS]: { ...fault, times: 1 } });
		},
		async clock() {
			const to = Math.floor(random() * 2e9);
			await ask("/_mock/clock", "PUT", { now: to });
		},
	};
	const names = [
		...Array(8).fill("token"),
		...Array(5).fill("document"),
		...Array(3).fill("rotate"),
		"reset",
		"fault",
		"clock",
	];
	await Promise.all(
		Array.from({ length: clients }, async () => {
			for (let step = 0; step < steps; step++) {
				await wishes[names[Math.floor(random() * names.length)]]?.();
			}
		}),
	);
	return {
		wrong: judge(history, known),
		tokens: history.tokens.length,
		documents: history.documents.length,
		changes: history.published.length + history.withdrawn.length,
	};
}

/**
 * @param {History} history
 * @param {ReadonlySet<string>} known every key that somebody saw
 * @returns {string[]}
 */
function judge({ published, withdrawn, tokens, documents, refused }, known) {
	/**
	 * Whether the last change before a time was surely one of `changes`, and none of `others` came after.
	 * @param {string} kid @param {Change[]} changes @param {Change[]} others @param {Time} time
	 */
	const surely = (kid, changes, others, { begun, ended }) =>
		changes.some(
			(change) =>
				change.of(kid) &&
				change.ended < begun &&
				!others.some(
					(other) =>
						other.of(kid) && other.ended > change.begun && other.begun < ended,
				),
		);
	/** @param {string} what @param {Seen} seen */
	const withdrawnBefore = (what, seen) =>
		seen.kids
			.filter((kid) => surely(kid, withdrawn, published, seen))
			.map((kid) => `${what} at ${seen.begun}: ${kid} was withdrawn before`);
	/** @param {Seen} seen */
	const missing = (seen) =>
		[...known]
			.filter((kid) => !seen.kids.includes(kid))
			.filter((kid) => surely(kid, published, withdrawn, seen))
			.map((kid) => `JWKS at ${seen.begun}: ${kid} is missing`);
	return [
		...refused,
		...tokens.flatMap((seen) => withdrawnBefore("token", seen)),
		...documents.flatMap((seen) => [
			...withdrawnBefore("JWKS", seen),
			...missing(seen),
		]),
	];
}

/** @param {{ keys: { kid: string }[] }} jwks */
const kidsOf = ({ keys }) => keys.map(({ kid }) => kid);

/** @param {string} token */
const kidOf = (token) =>
	JSON.parse(Buffer.from(token.split(".")[0] ?? "", "base64url").toString())
		.kid;

/** Numbers from 0 up to 1 that a seed decides: mulberry32. @param {number} seed */
function generator(seed) {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}
