// Random texts of any code points. fast-check's own (`unit: "binary"`) lists all of them first, which takes seconds.
import fc from "fast-check";

const SURROGATES = { first: 0xd800, count: 0x800 };
const LAST = 0x10ffff;

/** One code point that is no surrogate; every second one is ASCII. */
const codePoint = fc.oneof(
	fc.integer({ min: 0, max: 0x7f }),
	fc
		.integer({ min: 0, max: LAST - SURROGATES.count })
		.map((point) =>
			point < SURROGATES.first ? point : point + SURROGATES.count,
		),
);

/** A text of at most so many code points. */
export const anyText = (maxLength = 10): fc.Arbitrary<string> =>
	fc
		.array(codePoint, { maxLength })
		.map((points) => String.fromCodePoint(...points));
