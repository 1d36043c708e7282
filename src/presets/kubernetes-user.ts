// The user that Kubernetes makes of a token: name, groups, uid and extra, each of a claim or by CEL.
import type { Part } from "../verdict/policy/expression.js";
import type { CelCompiler } from "./cel.js";
import { type Made, madeBy } from "./cel-claims.js";
import type { Authenticator, Mapping } from "./kubernetes-config.js";

type Claims = Readonly<Record<string, unknown>>;

/** One member of the user. */
interface UserMember {
	/** as in `user.NAME` */
	name: string;
	made: Made;
	/** undefined: the token is refused */
	make(claims: Claims): unknown;
	part: Part;
}

export interface UserMapping {
	parts: readonly Part[];
	/** what `user.NAME` is made of */
	madeOf(name: string | undefined): Made | undefined;
	/** @throws where a member cannot be made */
	userOf(claims: Claims): Record<string, unknown>;
}

const WHAT = "Kubernetes claimMappings";

/**
 * What an authenticator makes of claims.
 *
 * Source: oidc.go of the API server. A name by CEL is not empty; a claim that is null counts as an empty text;
 * a claim for groups may be missing.
 * @throws MockError `invalid_option`
 */
export function userMapping(
	{ username, groups, uid, extra = [] }: Authenticator["claimMappings"],
	cel: CelCompiler,
): UserMapping {
	const members = [
		member("username", username, cel, (value) =>
			username.expression !== undefined && value === "" ? undefined : value,
		),
		...(groups ? [groupsMember(groups, cel)] : []),
		...(uid ? [member("uid", uid, cel, (value) => value)] : []),
	];
	const extras = extra.map(({ key, valueExpression }) => ({
		key,
		...listMember(`extra ${key}`, valueExpression, cel),
	}));
	return {
		parts: [...members, ...extras].map(({ part }) => part),
		madeOf: (name) =>
			name === "extra"
				? { reads: extras.flatMap(({ made }) => made.reads) }
				: members.find((one) => one.name === name)?.made,
		userOf(claims) {
			const user: Record<string, unknown> = {
				...{ uid: "", groups: [] },
				extra: Object.fromEntries(
					extras
						.map(({ key, make }) => [key, make(claims)] as const)
						.filter(([, values]) => Array.isArray(values) && values.length > 0),
				),
			};
			for (const { name, make } of members) {
				const value = make(claims);
				if (value === undefined) throw new Error(`no ${name}`);
				user[name] = value;
			}
			return user;
		},
	};
}

/** A member that is one text. */
function member(
	name: string,
	{ claim, prefix, expression }: Mapping,
	cel: CelCompiler,
	checked: (value: string) => string | undefined,
): UserMember {
	if (claim !== undefined) {
		const make = (claims: Claims) => {
			const value = claims[claim] === null ? "" : own(claims, claim);
			return typeof value === "string" ? `${prefix ?? ""}${value}` : undefined;
		};
		const made = { reads: [claim], ...(!prefix && { plain: claim }) };
		return memberOf(name, `${claim}, a text`, made, make);
	}
	const compiled = cel.compile(expression ?? "", `${WHAT}.${name}.expression`);
	const make = (claims: Claims) => {
		const value = orUndefined(() => compiled.evaluate({ claims }));
		return typeof value === "string" ? checked(value) : undefined;
	};
	const made = madeBy(compiled.node, "claims");
	return memberOf(name, compiled.source, made, make);
}

function groupsMember(
	{ claim, prefix, expression }: Mapping,
	cel: CelCompiler,
): UserMember {
	if (claim === undefined) return listMember("groups", expression ?? "", cel);
	const make = (claims: Claims) => {
		const list = [own(claims, claim) ?? []].flat();
		const texts = list.map((group) => group ?? "");
		return texts.every((group) => typeof group === "string")
			? texts.map((group) => `${prefix ?? ""}${group}`)
			: undefined;
	};
	const wants = `${claim}, texts where it is there`;
	return memberOf("groups", wants, { reads: [claim] }, make);
}

/** A member by CEL that is a text or a list of them. */
function listMember(
	name: string,
	expression: string,
	cel: CelCompiler,
): UserMember {
	const compiled = cel.compile(expression, `${WHAT}, ${name}`);
	const make = (claims: Claims) => {
		const value = orUndefined(() => compiled.evaluate({ claims }));
		if (value === undefined) return undefined;
		const list = [value ?? []].flat();
		return list.every((one) => typeof one === "string")
			? list.filter((one) => one !== "")
			: undefined;
	};
	const made = madeBy(compiled.node, "claims");
	return memberOf(name, compiled.source, made, make);
}

const memberOf = (
	name: string,
	wants: string,
	made: Made,
	make: UserMember["make"],
): UserMember => ({
	name,
	made,
	make,
	part: {
		wants: `${wants}, for the user's ${name}`,
		reads: made.reads,
		named: [],
		holds: (claims) => make(claims) !== undefined,
	},
});

const own = (claims: Claims, name: string): unknown =>
	Object.hasOwn(claims, name) ? claims[name] : undefined;

function orUndefined(evaluate: () => unknown): unknown {
	try {
		return evaluate();
	} catch {
		return undefined;
	}
}
