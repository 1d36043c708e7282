// The one error class of the project and its stable codes.

/** What went wrong, as a stable word that callers may switch on. */
export type ErrorCode =
	| "invalid_option"
	| "invalid_request"
	| "invalid_scenario"
	| "not_applicable"
	| "invalid_pipeline"
	| "invalid_keys"
	| "unknown_scenario"
	| "unknown_job"
	| "not_found"
	| "method_not_allowed"
	| "unauthorized"
	| "forbidden"
	| "conflict"
	| "too_large"
	| "unreachable"
	| "address_in_use"
	| "file";

/**
 * Every failure that a user can cause. The message says what, where and what to do;
 * it never contains a token or a private key.
 */
export class MockError extends Error {
	override readonly name = "MockError";
	readonly code: ErrorCode;

	constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
		super(message, options);
		this.code = code;
	}
}

/** What cannot be made from the baseline in force, and why: no fault of the scenario, nor of who asks. */
export const notApplicable = (reason: string): MockError =>
	new MockError("not_applicable", reason);

/** The message of anything that was thrown. */
export const messageOf = (thrown: unknown): string =>
	thrown instanceof Error ? thrown.message : String(thrown);
