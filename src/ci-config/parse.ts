// The text of one pipeline file to values: GitLab's YAML with `!reference`, anchors and merge keys.
import {
	Composer,
	type Document,
	isMap,
	LineCounter,
	type Node,
	Parser,
} from "yaml";
import { tooComplex } from "../yaml-depth.js";
import { type Budget, LARGEST_FILE } from "./budget.js";
import { converter, startOf } from "./convert.js";
import { type Place, pipelineError, shown } from "./place.js";
import { isMapping, type Mapping } from "./value.js";

/** A file, and the header with `spec` that it may have. */
export interface ParsedFile {
	header: Mapping | undefined;
	content: Mapping;
}

/**
 * Reads one file.
 * @param file what to call it in errors
 * @throws MockError `invalid_pipeline` with file and line, `too_large`
 */
export function parsePipelineFile(
	file: string,
	text: string,
	budget: Budget,
): ParsedFile {
	const lines = new LineCounter();
	const placeAt = (offset: number): Place => ({
		file,
		line: lines.linePos(offset).line || 1,
	});
	const first = { file, line: 1 };
	if (Buffer.byteLength(text) > LARGEST_FILE) {
		throw pipelineError(
			first,
			`larger than ${LARGEST_FILE / 1024} KiB`,
			undefined,
			"too_large",
		);
	}
	const complex = tooComplex(text);
	if (complex) {
		const { line, message } = complex;
		throw pipelineError({ file, line }, message, undefined, "too_large");
	}
	const [head, second] = documentsOf(text, lines, placeAt);
	const hasHeader =
		second && isMap(head?.contents) && head.contents.has("spec");
	const document = hasHeader ? second : head;
	const converted = ({ contents }: Document) =>
		contents && converter(placeAt, budget)(contents as Node, 0).value;
	const header = hasHeader && head ? converted(head) : undefined;
	const content = document && converted(document);
	if (isMapping(content))
		return { header: isMapping(header) ? header : undefined, content };
	throw pipelineError(
		document?.contents ? placeAt(startOf(document.contents as Node)) : first,
		"this is no pipeline: expected a mapping with jobs",
	);
}

/** The documents of a text: with two, the first may be a header (`spec:`). */
function documentsOf(
	text: string,
	lines: LineCounter,
	placeAt: (offset: number) => Place,
): Document[] {
	const composer = new Composer({
		version: "1.1", // as Ruby's, which GitLab reads with
		schema: "failsafe", // what a scalar means is Ruby's to say: see scalar.ts
		uniqueKeys: false, // of two equal keys the last one counts, as in Ruby's
		logLevel: "silent",
	});
	const documents: Document[] = [];
	// The first error ends it: the parser takes quadratic time to tell of many.
	for (const token of new Parser(lines.addNewLine).parse(text)) {
		if (token.type === "error") {
			throw pipelineError(
				placeAt(token.offset),
				`YAML: ${shown(token.message)}`,
			);
		}
		documents.push(...composer.next(token));
	}
	documents.push(...composer.end(true, text.length));
	for (const { errors } of documents) {
		const [error] = errors;
		if (!error) continue;
		const message = (error.message.split("\n", 1)[0] ?? "").slice(0, 200);
		throw pipelineError(placeAt(error.pos[0]), `YAML: ${shown(message)}`);
	}
	return documents;
}
