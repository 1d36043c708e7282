// The version of a Debian package that is installed: a security update changes what a library refuses.
import { execFileSync } from "node:child_process";

const debianVersion = (name: string): string =>
	execFileSync("dpkg-query", ["-W", name]).toString().trim().split("\t")[1] ??
	"";

/** Whether PyJWT is of before 2.6.0-1+deb12u1, and does not read `crit`: CVE-2026-32597. */
export const ignoresCrit = (): boolean =>
	debianVersion("python3-jwt") === "2.6.0-1";
