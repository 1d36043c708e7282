// What a report may be told besides the result.

/** The styles that a report uses; a painter may know more. */
export type PaintStyle =
	| "bold"
	| "dim"
	| "red"
	| "green"
	| "yellow"
	| "magenta"
	| "cyan";

/** Colours a text, or leaves it as it is. */
export type Paint = (style: PaintStyle, text: string) => string;

export interface RenderOptions {
	/** colours the text report; default none */
	paint?: Paint;
	/** columns of the text report, at most and by default 100 */
	width?: number;
	/** the text report: causes and what they come to, without the findings that they explain; default all */
	brief?: boolean;
	/** lines of the screen that a brief text report should fit on; default as many as it takes */
	rows?: number;
	/** the profile's path in the repository, for reports that show findings at a file */
	profile?: string;
	/** the file in the repository that SARIF shows causes at; default the profile */
	sarifFile?: string;
}
