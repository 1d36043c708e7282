// Which scenarios a document of vectors cannot hold, and why.
import { PATHS } from "../../gitlab/discovery.js";
import { isTemplate } from "../near/template.js";
import type { Scenario } from "../schema.js";

/** Changes of the key set that are no fixed text of a fair size, or that would give a private key away. */
const UNFIT: Readonly<Record<string, string>> = {
	"private-members":
		"its JWKS has a private key, and no private key is in this document",
	"ten-thousand-keys": "its JWKS has ten thousand keys, which are megabytes",
};

/** Tokens that are longer only fill the document. */
const LARGEST = 64 * 1024; // characters

/** Why `scenario` is no vector; undefined where it is one. */
export function unfit(scenario: Scenario): string | undefined {
	if (isTemplate(scenario))
		return "a near miss of what a policy binds: it needs a policy to miss";
	for (const [path, fault] of Object.entries(scenario.instance?.faults ?? {})) {
		const { publish: _, keys, ...others } = fault;
		if (path !== PATHS.keys || Object.keys(others).length > 0)
			return `it needs a server whose ${path} misbehaves`;
		if (keys !== undefined && UNFIT[keys] !== undefined) return UNFIT[keys];
	}
	return undefined;
}

/** Why a token is not written; undefined where it is. */
export const tooLarge = ({ length }: string): string | undefined =>
	length > LARGEST
		? `its token has ${length} characters; ask for it with --large`
		: undefined;
