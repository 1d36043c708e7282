// What a call was refused with: the code and the message of the error, or "accepted".
import { MockError } from "../src/errors.js";

const told = (thrown: unknown) => {
	if (!(thrown instanceof MockError)) throw thrown;
	return { code: thrown.code, message: thrown.message };
};

/** Of a call that returns at once. */
export function refusal(call: () => unknown) {
	try {
		call();
		return "accepted";
	} catch (thrown) {
		return told(thrown);
	}
}

/** Of a call that returns a promise. */
export const rejection = (call: Promise<unknown>) =>
	call.then(() => "accepted", told);
