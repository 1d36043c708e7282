// A certificate for TLS, from a certificate authority that lives as long as the process.
import "reflect-metadata"; // which @peculiar/x509 asks for
import { randomBytes, webcrypto } from "node:crypto";
import { isIP } from "node:net";
import { hostname } from "node:os";
import {
	AuthorityKeyIdentifierExtension,
	BasicConstraintsExtension,
	ExtendedKeyUsage,
	ExtendedKeyUsageExtension,
	KeyUsageFlags,
	KeyUsagesExtension,
	SubjectAlternativeNameExtension,
	SubjectKeyIdentifierExtension,
	type X509Certificate,
	X509CertificateGenerator,
} from "@peculiar/x509";

/** All PEM. `key` is private and stays in the process. */
export interface ServerCertificate {
	ca: string;
	cert: string;
	key: string;
}

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const DAY = 86_400_000; // milliseconds

/** The names that a certificate is for unless others are given. */
export const defaultNames = (): string[] => [
	"localhost",
	"127.0.0.1",
	"::1",
	hostname(),
];

const crypto = webcrypto;

interface Times {
	notBefore: Date;
	notAfter: Date;
}

/**
 * Makes a CA and a certificate for `names`, each a host name or an IP address.
 * They are valid from yesterday on, for a year.
 */
export async function makeCertificate(
	names: readonly string[],
): Promise<ServerCertificate> {
	const newKeys = () =>
		crypto.subtle.generateKey(ALGORITHM, true, [
			"sign",
			"verify",
		]) as Promise<webcrypto.CryptoKeyPair>;
	const [caKeys, keys] = await Promise.all([newKeys(), newKeys()]);
	const times = {
		notBefore: new Date(Date.now() - DAY),
		notAfter: new Date(Date.now() + 365 * DAY),
	};
	const ca = await authority(caKeys, times);
	const certificate = await certificateFor(names, { ca, caKeys, keys, times });
	const key = Buffer.from(
		await crypto.subtle.exportKey("pkcs8", keys.privateKey),
	).toString("base64");
	return {
		ca: `${ca.toString("pem")}\n`,
		cert: `${certificate.toString("pem")}\n`,
		key: `-----BEGIN PRIVATE KEY-----\n${key.replace(/.{64}/g, "$&\n").trimEnd()}\n-----END PRIVATE KEY-----\n`,
	};
}

/** A random positive serial number of 16 bytes, hex. */
function serialNumber(): string {
	const bytes = randomBytes(16);
	bytes.writeUInt8((bytes.readUInt8(0) & 0x7f) | 0x40, 0);
	return bytes.toString("hex");
}

/** The certificate of a CA, signed by itself. */
async function authority(
	caKeys: webcrypto.CryptoKeyPair,
	times: Times,
): Promise<X509Certificate> {
	return X509CertificateGenerator.createSelfSigned(
		{
			...times,
			serialNumber: serialNumber(),
			name: "CN=gitlab-oidc-mock testing CA",
			keys: caKeys,
			signingAlgorithm: ALGORITHM,
			extensions: [
				new BasicConstraintsExtension(true, 0, true),
				new KeyUsagesExtension(
					KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign,
					true,
				),
				await SubjectKeyIdentifierExtension.create(
					caKeys.publicKey,
					false,
					crypto,
				),
			],
		},
		crypto,
	);
}

/** The certificate of a server, signed by the CA. */
async function certificateFor(
	names: readonly string[],
	signed: {
		ca: X509Certificate;
		caKeys: webcrypto.CryptoKeyPair;
		keys: webcrypto.CryptoKeyPair;
		times: Times;
	},
): Promise<X509Certificate> {
	const { ca, caKeys, keys, times } = signed;
	return X509CertificateGenerator.create(
		{
			...times,
			serialNumber: serialNumber(),
			subject: "CN=gitlab-oidc-mock",
			issuer: ca.subject,
			publicKey: keys.publicKey,
			signingKey: caKeys.privateKey,
			signingAlgorithm: ALGORITHM,
			extensions: [
				new BasicConstraintsExtension(false, undefined, true),
				new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
				new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
				new SubjectAlternativeNameExtension(
					names.map((value) => ({ type: isIP(value) ? "ip" : "dns", value })),
				),
				await SubjectKeyIdentifierExtension.create(
					keys.publicKey,
					false,
					crypto,
				),
				await AuthorityKeyIdentifierExtension.create(
					caKeys.publicKey,
					false,
					crypto,
				),
			],
		},
		crypto,
	);
}
