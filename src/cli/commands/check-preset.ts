// check --vault, --aws, …: a service's own settings as target, policy and audience of a profile.
import type { Profile } from "../../check/profile.js";
import { MockError } from "../../errors.js";
import type { Preset } from "../../presets/preset.js";
import { readTextFile } from "../../text-file.js";
import type { Expression } from "../../verdict/policy/expression.js";
import { type PresetOptions, presetNamed } from "./check-preset-options.js";

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
	const name = presetNamed(options);
	if (name === undefined) return undefined;
	const url = options[name] ?? "";
	const given = (option: keyof PresetOptions, flag: string) =>
		needed(options[option] as string | undefined, `--${name}`, flag);
	switch (name) {
		case "vault":
			return vaultOf(url, options, env);
		case "aws": {
			const { awsPreset } = await import("../../presets/aws.js");
			return awsPreset({
				url,
				roleArn: given("roleArn", "--role-arn"),
				trustPolicy: await readJson(given("trustPolicy", "--trust-policy")),
				audience: options.audience,
			});
		}
		case "gcp": {
			const { gcpPreset } = await import("../../presets/gcp.js");
			return gcpPreset({
				url,
				provider: given("gcpProvider", "--gcp-provider"),
				mapping: options.attributeMapping ?? "google.subject=assertion.sub",
				condition: options.attributeCondition,
				allowedAudiences: options.allowedAudiences,
			});
		}
		case "azure": {
			const { azurePreset } = await import("../../presets/azure.js");
			return azurePreset({
				url,
				tenant: given("tenant", "--tenant"),
				clientId: given("clientId", "--client-id"),
				credential: await readJson(
					given("federatedCredential", "--federated-credential"),
				),
				scope: options.scope,
			});
		}
		case "kubernetes": {
			const { kubernetesPreset } = await import("../../presets/kubernetes.js");
			const file = given("authenticationConfig", "--authentication-config");
			const { reviewerTokenFile } = options;
			return kubernetesPreset({
				url,
				configuration: await readAnyYaml(file),
				issuer: options.issuer,
				reviewerToken:
					reviewerTokenFile === undefined
						? undefined
						: (await readTextFile(reviewerTokenFile)).trim(),
			});
		}
	}
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

/** YAML or JSON of any shape. */
async function readAnyYaml(file: string): Promise<unknown> {
	const [{ readYaml }, { z }, { problemLine }] = await Promise.all([
		import("../../scenario/yaml.js"),
		import("zod"),
		import("../../scenario/problem.js"),
	]);
	const text = await readTextFile(file, { largest: LARGEST });
	const read = readYaml(file, text, z.unknown(), LARGEST);
	if ("value" in read) return read.value;
	throw new MockError("file", read.problems.map(problemLine).join("\n"));
}

const LARGEST = 256 * 1024; // bytes
