// What is wrong with the HTTP target of a profile, and where in it.
import { MockError } from "../../errors.js";

/** That `target.http` makes no request, or tells no answers apart. */
export class HttpFault extends MockError {
	/** where in `target.http`; empty for the whole */
	readonly part: readonly string[];
	/** what is wrong there */
	readonly reason: string;

	constructor(part: readonly string[], reason: string, cause?: unknown) {
		super(
			"invalid_option",
			`${["target.http", ...part].join(".")}: ${reason}`,
			{
				cause,
			},
		);
		this.part = part;
		this.reason = reason;
	}
}
