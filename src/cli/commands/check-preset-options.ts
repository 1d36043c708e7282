// check: the options of presets, each with the preset that it belongs to.
import { Option } from "commander";
import { MockError } from "../../errors.js";
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
	azure?: string;
	tenant?: string;
	clientId?: string;
	federatedCredential?: string;
	scope?: string;
	kubernetes?: string;
	authenticationConfig?: string;
	reviewerTokenFile?: string;
	audience?: string;
	issuer?: string;
}

type PresetName = "vault" | "aws" | "gcp" | "azure" | "kubernetes";

/** The preset's own option, and those that go with it: flags and what they are. */
const OPTIONS: Readonly<
	Record<PresetName, readonly (readonly [flags: string, text: string])[]>
> = {
	vault: [
		["--vault <url>", "the RP: a HashiCorp Vault or OpenBao"],
		["--role <name>", "with --vault: the role to log in with"],
		[
			"--mount <path>",
			"with --vault: the path of its JWT auth method (default: jwt)",
		],
		["--vault-namespace <name>", "with --vault: its namespace"],
		[
			"--role-file <file>",
			"with --vault: the role as `vault read -format=json` prints it (default: read with VAULT_TOKEN)",
		],
	],
	aws: [
		["--aws <url>", "the RP: AWS STS, or a substitute"],
		["--role-arn <arn>", "with --aws: the role to assume"],
		["--trust-policy <file>", "with --aws: the role's trust policy, JSON"],
	],
	gcp: [
		["--gcp <url>", "the RP: Google's STS, or a substitute"],
		[
			"--gcp-provider <name>",
			"with --gcp: projects/…/workloadIdentityPools/…/providers/…",
		],
		[
			"--attribute-mapping <mapping>",
			"with --gcp: as for gcloud, such as google.subject=assertion.sub",
		],
		["--attribute-condition <cel>", "with --gcp: as for gcloud"],
		["--allowed-audiences <list>", "with --gcp: as for gcloud"],
	],
	azure: [
		["--azure <url>", "the RP: Microsoft Entra, or a substitute"],
		["--tenant <id>", "with --azure: the tenant"],
		["--client-id <id>", "with --azure: the application or managed identity"],
		[
			"--federated-credential <file>",
			"with --azure: as `az ad app federated-credential list` prints it",
		],
		[
			"--scope <scope>",
			"with --azure: the scope to request (default: Microsoft Graph's)",
		],
	],
	kubernetes: [
		["--kubernetes <url>", "the RP: a Kubernetes API server"],
		[
			"--authentication-config <file>",
			"with --kubernetes: the API server's AuthenticationConfiguration",
		],
		[
			"--reviewer-token-file <file>",
			"with --kubernetes: a token that may create TokenReviews (default: each token reviews itself)",
		],
	],
};

export const presetOptions = (): Option[] =>
	Object.values(OPTIONS)
		.flat()
		.map(([flags, text]) => {
			const option = new Option(flags, text);
			return flags.endsWith("<list>") ? option.argParser(collectList) : option;
		});

/**
 * Which preset is meant, if any.
 * @throws MockError `invalid_option` for two of them, or an option of one that is not meant
 */
export function presetNamed(options: PresetOptions): PresetName | undefined {
	const names = (Object.keys(OPTIONS) as PresetName[]).filter(
		(name) => options[name] !== undefined,
	);
	if (names.length > 1) {
		throw new MockError(
			"invalid_option",
			`name only one target: ${names.map((name) => `--${name}`).join(", ")}`,
		);
	}
	const given = new Map<string, unknown>(Object.entries(options));
	for (const [name, listed] of Object.entries(OPTIONS)) {
		if (names.includes(name as PresetName)) continue;
		const stray = listed
			.map(([flags, text]) => new Option(flags, text))
			.find((option) => given.get(option.attributeName()) !== undefined);
		if (stray) {
			throw new MockError(
				"invalid_option",
				`${stray.long} goes with --${name}`,
			);
		}
	}
	return names[0];
}
