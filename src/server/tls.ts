// The certificate that a server shows: one's own, or one that is made at start.

import { writeFile } from "node:fs/promises";
import { MockError, messageOf } from "../errors.js";
import { inTurn } from "../in-turn.js";
import { readTextFile } from "../text-file.js";

/** Options for TLS beside http. */
export interface TlsOptions {
	/** default 0: any free port */
	port?: number | undefined;
	/** host names and IP addresses of the certificate, beside the issuer's; default localhost, 127.0.0.1, ::1 and the machine's name */
	names?: readonly string[] | undefined;
	/** file to write the certificate authority to, PEM */
	caFile?: string | undefined;
	/** files of a certificate of one's own and its private key, PEM */
	cert?: string | undefined;
	key?: string | undefined;
}

/** PEM texts; `ca` only where the certificate was made here. */
export interface TlsMaterial {
	cert: string;
	key: string;
	ca: string | undefined;
}

/**
 * Reads the certificate, or makes one that names the host of `issuer` too.
 * @throws MockError `invalid_option` or `file`
 */
export async function tlsMaterial(
	{ names, caFile, cert, key }: TlsOptions,
	issuer?: string,
): Promise<TlsMaterial> {
	if (cert !== undefined || key !== undefined) {
		if (cert === undefined || key === undefined) {
			throw new MockError(
				"invalid_option",
				"--tls-cert and --tls-key go together",
			);
		}
		if (caFile !== undefined) {
			throw new MockError(
				"invalid_option",
				"--tls-ca is for a certificate that is made here, not with --tls-cert",
			);
		}
		const [certText, keyText] = await Promise.all([cert, key].map(readPem));
		return { cert: certText as string, key: keyText as string, ca: undefined };
	}
	const { defaultNames, makeCertificate } = await inTurn(
		() => import("./certificate.js"),
	);
	const given = names?.length ? names : defaultNames();
	const made = await makeCertificate([
		...new Set([...given, ...(issuer === undefined ? [] : [hostOf(issuer)])]),
	]);
	if (caFile !== undefined) {
		await writeFile(caFile, made.ca).catch((error) => {
			throw new MockError(
				"file",
				`cannot write ${caFile}: ${messageOf(error)}`,
				{ cause: error },
			);
		});
	}
	return made;
}

const hostOf = (url: string) => new URL(url).hostname.replace(/^\[|\]$/g, "");

async function readPem(file: string): Promise<string> {
	const text = await readTextFile(file);
	if (!text.includes("-----BEGIN "))
		throw new MockError("file", `${file} is not PEM`);
	return text;
}
