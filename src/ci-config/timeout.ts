// `timeout: 1h 30m` to seconds, in the words that GitLab's parser knows.

const SECONDS: readonly [RegExp, number][] = [
	[/^s(ec(ond)?s?)?$/, 1],
	[/^m(in(ute)?s?)?$/, 60],
	[/^h((ou)?rs?)?$/, 3600],
	[/^d(ays?)?$/, 86_400],
	[/^w((ee)?ks?)?$/, 604_800],
	[/^mo(n(th)?s?)?$/, 2_592_000],
	[/^y((ea)?rs?)?$/, 31_557_600],
];

const LONGEST = 2_592_000; // seconds: GitLab's limit of a month

/** A duration in seconds; undefined where GitLab would refuse it: no duration, nothing, or more than a month. */
export function parseTimeout(text: string): number | undefined {
	if (text.length > 100) return undefined;
	const words = text
		.toLowerCase()
		.replace(/[,]|\band\b|\bwith\b/g, " ")
		.trim();
	const seconds = /^\d{1,9}(:\d{1,2}){1,3}$/.test(words)
		? clockTime(words)
		: sumOf(words);
	if (seconds === undefined || seconds > LONGEST) return undefined;
	const whole = Math.floor(seconds);
	return whole > 0 ? whole : undefined;
}

/** `1:30:00`: hours, minutes and seconds. */
const clockTime = (text: string): number =>
	text
		.split(":")
		.reverse()
		.reduce(
			(sum, part, index) =>
				sum + Number(part) * ([1, 60, 3600, 86_400][index] ?? 0),
			0,
		);

/** Amounts with their units; an amount without one is of seconds. */
function sumOf(words: string): number | undefined {
	const parts = [...words.matchAll(/(\d{1,9}(?:\.\d{1,6})?)\s*([a-z]*)\s*/gy)];
	const read = parts.reduce((length, [part]) => length + part.length, 0);
	if (words === "" || read !== words.length) return undefined;
	let sum = 0;
	for (const [, amount, unit] of parts) {
		const factor = SECONDS.find(([name]) => name.test(unit || "s"))?.[1];
		if (factor === undefined) return undefined;
		sum += Number(amount) * factor;
	}
	return sum;
}
