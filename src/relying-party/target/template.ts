// Fills in what differs from token to token, as the place where it stands wants it written.

/** What a template is filled with. */
export interface TemplateValues {
	token: string;
	issuer: string;
	audience: string;
	scenario: string;
	port: string;
}

const PLACE = /\{(token|issuer|audience|scenario|port)\}/g;

/**
 * `template` with its places filled, each value as `encode` writes it. In one go: what a value
 * contains is not filled again. Other braces stay as they are.
 */
export const fillTemplate = (
	template: string,
	values: TemplateValues,
	encode: (value: string) => string = (value) => value,
): string =>
	// A text, a name, a text, …: put together, a token of a megabyte is not copied.
	template
		.split(PLACE)
		.reduce(
			(filled, part, at) =>
				filled +
				(at % 2 === 0 ? part : encode(values[part as keyof TemplateValues])),
			"",
		);

/** Whether the value `name` is filled in somewhere in `template`. */
export const mentions = (
	template: string,
	name: keyof TemplateValues,
): boolean => template.includes(`{${name}}`);

/** Whether nothing is filled in in `template`. */
export const isFixed = (template: string): boolean =>
	template.search(PLACE) === -1;

/** As it stands between the quotation marks of a JSON text. */
export const inJson = (value: string): string =>
	JSON.stringify(value).slice(1, -1);

/** Whether it has a UTF-8 form: half of a surrogate pair has none, and would go out as another character. */
export const isUtf8 = (value: string): boolean => !/\p{Cs}/u.test(value);
