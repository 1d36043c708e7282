// A self-signed certificate of a token's key: the attacker's, and what a verifier may take for an HMAC secret.

import { webcrypto } from "node:crypto";
import { inTurn } from "../in-turn.js";
import type { SigningKey } from "./keys.js";

export interface Certificate {
	/** with a final newline */
	pem: string;
	der: Buffer;
}

const ALGORITHM = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
const certificates = new WeakMap<SigningKey, Promise<Certificate>>();

/** The certificate of `key`: always the same one, good from 2020 to 2050. */
export function selfSigned(key: SigningKey): Promise<Certificate> {
	let certificate = certificates.get(key);
	if (!certificate) {
		certificate = makeCertificate(key);
		certificates.set(key, certificate);
	}
	return certificate;
}

async function makeCertificate(key: SigningKey): Promise<Certificate> {
	await inTurn(() => import("reflect-metadata")); // which @peculiar/x509 asks for
	const { X509CertificateGenerator } = await inTurn(
		() => import("@peculiar/x509"),
	);
	const { subtle } = webcrypto;
	const [privateKey, publicKey] = await Promise.all([
		subtle.importKey(
			"pkcs8",
			key.privateKey.export({ format: "der", type: "pkcs8" }),
			ALGORITHM,
			false,
			["sign"],
		),
		subtle.importKey(
			"spki",
			key.publicKey.export({ format: "der", type: "spki" }),
			ALGORITHM,
			true,
			["verify"],
		),
	]);
	const certificate = await X509CertificateGenerator.createSelfSigned(
		{
			serialNumber: "01",
			name: "CN=gitlab.example.com",
			notBefore: new Date("2020-01-01"),
			notAfter: new Date("2050-01-01"),
			keys: { privateKey, publicKey },
			signingAlgorithm: ALGORITHM,
		},
		webcrypto,
	);
	return {
		pem: `${certificate.toString("pem")}\n`,
		der: Buffer.from(certificate.rawData),
	};
}
