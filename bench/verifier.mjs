// The verifier of the bench's relying parties: jose, as its documentation says to use it.
// @ts-check
import { createRemoteJWKSet, jwtVerify } from "jose";

/**
 * A new one, with a cold cache.
 * @param {{ cooldownDuration?: number }} [options] of jose: milliseconds until keys are fetched again
 */
export function verifier(options = {}) {
	/** @type {ReturnType<typeof createRemoteJWKSet> | undefined} */
	let keys;
	/** @type {(token: string, place: { issuer: string, audience: string }) => Promise<unknown>} */
	return (token, { issuer, audience }) => {
		keys ??= createRemoteJWKSet(new URL(`${issuer}/oauth/discovery/keys`), {
			timeoutDuration: 100,
			...options,
		});
		return jwtVerify(token, keys, { issuer, audience, algorithms: ["RS256"] });
	};
}
