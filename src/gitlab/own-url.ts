// The instance's own URL, where an administrator has set another issuer for its tokens.
import { MockError } from "../errors.js";
import { arrivals, has } from "./history.js";
import { parseIssuer } from "./issuer.js";

/**
 * Checks the two URLs of an instance whose issuer is another one.
 * @throws MockError `invalid_option` where there is no issuer, no URL, or no such setting in this version
 */
export function ownUrl(
	{
		issuer,
		gitlabUrl,
	}: { issuer?: string | undefined; gitlabUrl?: string | undefined },
	version: string,
): string | undefined {
	if (gitlabUrl === undefined) return undefined;
	const refuse = (why: string): never => {
		throw new MockError("invalid_option", `the GitLab's own URL: ${why}`);
	};
	if (issuer === undefined) refuse("give the issuer too, which is another one");
	if (!has(version, "issuer_setting"))
		refuse(
			`GitLab ${version} has no setting for its issuer, which came in ${arrivals.issuer_setting.since}`,
		);
	return parseIssuer(gitlabUrl);
}
