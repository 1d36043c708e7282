// STS's AssumeRoleWithWebIdentity over a trust policy, written after the IAM User Guide for the tests of the preset.
import type { GitLab } from "../../src/index.js";
import { type Reply, serve, verifierOf } from "./service.js";

type Json = Record<string, unknown>;

/** What it makes condition keys of. */
export type Keys = "documented" | "all";

const error = (status: number, code: string, message: string): Reply => ({
	status,
	body: `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
});

const RESULT = `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>ASIAEXAMPLE</AccessKeyId></Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`;

const OF_GITLAB_COM =
	"namespace_id pipeline_source project_id ref_protected runner_environment user_access_level user_email user_id user_login";

export interface Account {
	/** trust policies by role ARN */
	roles: Record<string, Json>;
	clientIds: string[];
	keys: Keys;
}

export const awsServer = (gitlab: GitLab, account: Account) =>
	serve(async (request, body) => {
		const form = new URLSearchParams(body);
		if (
			request.url !== "/" ||
			form.get("Action") !== "AssumeRoleWithWebIdentity" ||
			form.get("Version") !== "2011-06-15"
		) {
			return error(400, "InvalidAction", "Could not find operation");
		}
		const token = form.get("WebIdentityToken") ?? "";
		if (token.length < 4 || token.length > 20_000) {
			const message =
				"1 validation error detected: Value at 'webIdentityToken' failed to satisfy constraint";
			return error(400, "ValidationError", message);
		}
		let claims: Json;
		try {
			claims = await verifierOf(gitlab, 300)(token);
			if (Number(claims.nbf) > gitlab.clock.now()) throw new Error("nbf");
		} catch (fault) {
			return String(fault).includes('"exp"')
				? error(400, "ExpiredTokenException", "Token expired")
				: error(
						400,
						"InvalidIdentityToken",
						"The ID Token provided is not a valid JWT.",
					);
		}
		const audiences = [claims.aud].flat();
		if (!account.clientIds.some((id) => audiences.includes(id))) {
			return error(400, "InvalidIdentityToken", "Incorrect token audience");
		}
		const trust = account.roles[form.get("RoleArn") ?? ""];
		const denied = error(
			403,
			"AccessDenied",
			"Not authorized to perform sts:AssumeRoleWithWebIdentity",
		);
		if (!trust) return denied;
		const statements = [trust.Statement].flat() as Json[];
		const lets = statements.some((statement) => {
			const actions = [statement.Action].flat();
			return (
				actions.includes("sts:AssumeRoleWithWebIdentity") &&
				blockHolds((statement.Condition ?? {}) as Json, claims, account.keys)
			);
		});
		return lets ? { status: 200, body: RESULT } : denied;
	});

function blockHolds(block: Json, claims: Json, known: Keys): boolean {
	for (const [operator, keys] of Object.entries(block)) {
		for (const [key, wanted] of Object.entries(keys as Json)) {
			const name = key.slice(key.lastIndexOf(":") + 1);
			const names = key.toLowerCase().startsWith("gitlab.com:")
				? `aud sub amr email ${OF_GITLAB_COM}`
				: "aud sub amr email";
			const visible = known === "all" || names.split(" ").includes(name);
			const value = visible ? (claims[name] ?? undefined) : undefined;
			if (!holds(operator, value, [wanted].flat().map(String))) return false;
		}
	}
	return true;
}

function holds(operator: string, value: unknown, wanted: string[]): boolean {
	if (operator === "Null")
		return (value === undefined) === (wanted[0] === "true");
	const set = /^(ForAnyValue|ForAllValues):/.exec(operator)?.[1];
	const optional = operator.endsWith("IfExists");
	const name = operator.replace(/^.*:/, "").replace(/IfExists$/, "");
	const negated = name.includes("Not");
	const compare = (actual: unknown, text: string) => {
		if (typeof actual !== "string") return false;
		if (name.endsWith("IgnoreCase"))
			return actual.toLowerCase() === text.toLowerCase();
		return name.endsWith("Like") ? fits(text, actual) : actual === text;
	};
	if (value === undefined) {
		return negated || optional || set === "ForAllValues";
	}
	const actual = [value].flat();
	const one = (entry: unknown) => wanted.some((text) => compare(entry, text));
	if (set === "ForAllValues") {
		return actual.every((entry) => (negated ? !one(entry) : one(entry)));
	}
	return negated ? !actual.some(one) : actual.some(one);
}

/** `*` and `?`, by definition. */
function fits(pattern: string, text: string): boolean {
	if (pattern === "") return text === "";
	const [sign = ""] = pattern;
	const rest = pattern.slice(sign.length);
	if (sign === "*") {
		return fits(rest, text) || (text !== "" && fits(pattern, text.slice(1)));
	}
	if (text === "") return false;
	return (
		(sign === "?" || text.startsWith(sign)) &&
		fits(rest, text.slice(sign.length))
	);
}
