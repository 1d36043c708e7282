// What a request log shows of headers and addresses: no credentials, and all else.
import { expect, test } from "vitest";
import {
	redactHeaders,
	redactText,
} from "../../../src/server/instance/redact.js";

test.for([
	...["authorization", "cookie", "x-auth", "x-auth-key", "x-private-key"],
	...["x-jwt", "private-token", "job-token", "x-api-key", "x-signature"],
])("the header %s is not shown", (name) => {
	expect(redactHeaders({ [name]: "s3cret" })).toEqual({ [name]: "[redacted]" });
});

test.for(["accept", "user-agent", "x-request-id", "x-forwarded-host", "host"])(
	"the header %s is",
	(name) => {
		expect(redactHeaders({ [name]: "plain" })).toEqual({ [name]: "plain" });
	},
);

test.for([
	["?pass=s3cret&a=1", "?pass=[redacted]&a=1"],
	["a=1;token=s3cret;b=2", "a=1;token=[redacted];b=2"],
	["https://u:s3cret@rp.test/x", "https://[redacted]@rp.test/x"],
	["/x/glpat-AbCdEfGhIjKlMnOpQrSt/y", "/x/[redacted]/y"],
	["https://rp.test/@a?ref=main", "https://rp.test/@a?ref=main"],
	["/globals-and-more/x?bypass=1", "/globals-and-more/x?bypass=1"],
] as const)("%s is shown as %s", ([text, kept]) => {
	expect(redactText(text)).toBe(kept);
});
