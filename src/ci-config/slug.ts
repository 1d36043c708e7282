// Names made fit for host names, as GitLab makes CI_…_SLUG.
import { createHash } from "node:crypto";

/** CI_COMMIT_REF_SLUG and the like: lower case, at most 63 characters, no dash at either end. */
export const slug = (text: string): string =>
	text
		.toLowerCase()
		.replace(/[^a-z0-9]/g, "-")
		.slice(0, 63)
		.replace(/^-+|-+$/g, "");

const LONGEST = 24; // characters of an environment's slug
const SUFFIX = 6;

/** CI_ENVIRONMENT_SLUG: a suffix tells apart what the changes made alike. */
export function environmentSlug(name: string): string {
	const plain = name.toLowerCase().replace(/[^a-z0-9]/g, "-");
	const led = /^[a-z]/.test(plain) ? plain : `env-${plain}`;
	const squeezed = led.replace(/-+/g, "-");
	if (squeezed.length <= LONGEST && squeezed === name)
		return squeezed.replace(/-$/, "");
	const digest = createHash("sha256").update(name).digest("hex");
	const suffix = BigInt(`0x${digest}`).toString(36).slice(-SUFFIX);
	const short = squeezed.slice(0, LONGEST - SUFFIX - 1).replace(/-$/, "");
	return `${short}-${suffix}`;
}
