// check --vault, --aws, --gcp: a service's own settings as target, policy and audience of a profile.
import { Option } from "commander";
import type { Profile } from "../../check/profile.js";
import { MockError } from "../../errors.js";
import type { Preset } from "../../presets/preset.js";
import { readTextFile } from "../../text-file.js";
import type { Expression } from "../../verdict/policy/expression.js";
import { collectList } from "../options.js";

export interface PresetOptions {
	vault?: string;
	role?: string;
	mount?: string;
	vaultNamespace?: string;
	roleFile?: string;
	aws?: string;
	roleArn?: string;
	trustPolicy?: string;
	gcp?: string;
	gcpProvider?: string;
	attributeMapping?: string;
	attributeCondition?: string;
	allowedAudiences?: string[];
	audience?: string;
}

export const presetOptions = (): Option[] => [
	new Option("--vault <url>", "the RP: a HashiCorp Vault or OpenBao"),
	new Option("--role <name>", "with --vault: the role to log in with"),
	new Option(
		"--mount <path>",
		"with --vault: where the method is (default: jwt)",
	),
	new Option("--vault-namespace <name>", "with --vault: its namespace"),
	new Option(
		"--role-file <file>",
		"with --vault: the role as `vault read -format=json` prints it (default: read with VAULT_TOKEN)",
	),
	new Option("--aws <url>", "the RP: AWS STS, or what stands in for it"),
	new Option("--role-arn <arn>", "with --aws: the role to assume"),
	new Option(
		"--trust-policy <file>",
		"with --aws: the role's trust policy, JSON",
	),
	new Option("--gcp <url>", "the RP: Google's STS, or what stands in for it"),
	new Option(
		"--gcp-provider <name>",
		"with --gcp: projects/…/workloadIdentityPools/…/providers/…",
	),
	new Option(
		"--attribute-mapping <mapping>",
		"with --gcp: as for gcloud, such as google.subject=assertion.sub",
	),
	new Option("--attribute-condition <cel>", "with --gcp: as for gcloud"),
	new Option(
		"--allowed-audiences <list>",
		"with --gcp: as for gcloud",
	).argParser(collectList),
];

/**
 * The profile that a preset stands for, and what is to be known of it; both empty without a preset.
 * @throws MockError where an option is missing, or a file or role cannot be read or followed
 */
export async function presetProfile(
	options: PresetOptions,
	env: Readonly<Record<string, string | undefined>>,
): Promise<{
	profile: Profile;
	expression?: Expression | undefined;
	notes: readonly string[];
	service?: Preset["service"];
}> {
	const preset = await presetOf(options, env);
	if (preset === undefined) return { profile: {}, notes: [] };
	const { target, audience, notes, service } = preset;
	const { expression, ...policy } = preset.policy;
	return {
		profile: { target, policy, audience },
		expression,
		notes,
		service,
	};
}

async function presetOf(
	options: PresetOptions,
	env: Readonly<Record<string, string | undefined>>,
): Promise<Preset | undefined> {
	const { vault, aws, gcp } = options;
	if (vault !== undefined) return vaultOf(vault, options, env);
	if (aws !== undefined) {
		const { awsPreset } = await import("../../presets/aws.js");
		return awsPreset({
			url: aws,
			roleArn: needed(options.roleArn, "--aws", "--role-arn"),
			trustPolicy: await readJson(
				needed(options.trustPolicy, "--aws", "--trust-policy"),
			),
			audience: options.audience,
		});
	}
	if (gcp !== undefined) {
		const { gcpPreset } = await import("../../presets/gcp.js");
		return gcpPreset({
			url: gcp,
			provider: needed(options.gcpProvider, "--gcp", "--gcp-provider"),
			mapping: options.attributeMapping ?? "google.subject=assertion.sub",
			condition: options.attributeCondition,
			allowedAudiences: options.allowedAudiences,
		});
	}
	const stray = (["role", "roleFile", "roleArn", "gcpProvider"] as const).find(
		(name) => options[name] !== undefined,
	);
	if (stray === undefined) return undefined;
	throw new MockError(
		"invalid_option",
		"--role and --role-file go with --vault, --role-arn with --aws, --gcp-provider with --gcp",
	);
}

async function vaultOf(
	url: string,
	options: PresetOptions,
	env: Readonly<Record<string, string | undefined>>,
): Promise<Preset> {
	const role = needed(options.role, "--vault", "--role");
	const { mount, vaultNamespace: namespace, roleFile } = options;
	const [{ vaultPreset }, { readVaultRole }, { parseRole }] = await Promise.all(
		[
			import("../../presets/vault.js"),
			import("../../presets/read-vault-role.js"),
			import("../../presets/vault-role.js"),
		],
	);
	const token = env.VAULT_TOKEN;
	if (roleFile === undefined && !token) {
		throw new MockError(
			"invalid_option",
			`--vault: what the role demands has to be known: set VAULT_TOKEN to a token that may read it, or give what \`vault read -format=json auth/${mount ?? "jwt"}/role/${role}\` prints as --role-file`,
		);
	}
	const roleJson =
		roleFile === undefined
			? await readVaultRole({ url, role, mount, namespace, token: token ?? "" })
			: await readJson(roleFile, parseRole);
	return vaultPreset({ url, role, mount, namespace, roleJson });
}

function needed(value: string | undefined, option: string, missing: string) {
	if (value !== undefined) return value;
	throw new MockError("invalid_option", `${option} needs ${missing} too`);
}

async function readJson(
	file: string,
	parse: (text: string) => unknown = JSON.parse,
): Promise<unknown> {
	const text = await readTextFile(file);
	try {
		return parse(text);
	} catch (error) {
		if (error instanceof MockError) throw error;
		throw new MockError("file", `${file} is not JSON`);
	}
}
