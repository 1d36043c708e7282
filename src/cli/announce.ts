// What `serve` says when it is ready.
import { type Io, painter } from "./io.js";

/** One line for programs, or a few for people. */
export function announce(
	options: { issuer?: string; json?: boolean },
	server: { url: string; tlsUrl: string | undefined },
	io: Io,
): void {
	const { url, tlsUrl } = server;
	if (options.json) {
		io.stdout.write(
			`${JSON.stringify({ url, tls_url: tlsUrl ?? null, issuer: options.issuer ?? null })}\n`,
		);
		return;
	}
	const paint = painter(io.stdout, io.env);
	const lines = [
		`${paint("bold", "gitlab-oidc-mock")}, for tests only: it signs tokens for whoever asks`,
		`issuer  ${paint("cyan", options.issuer ?? url)}${options.issuer ? "" : " (or whatever host name it is called by)"}`,
		...(tlsUrl
			? [`https   ${paint("cyan", tlsUrl)}, CA at ${url}/_mock/ca.pem`]
			: []),
		`token   curl -s ${url}/_mock/token/protected-tag`,
	];
	io.stdout.write(`${lines.join("\n")}\n`);
}
