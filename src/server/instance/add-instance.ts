// Makes an instance beside the one at the root.
import { ownUrl } from "../../gitlab/own-url.js";
import { parseVersion } from "../../gitlab/version.js";
import type { InstanceConfig } from "./config.js";
import { createInstance, type Instance } from "./instance.js";
import type { Registry } from "./registry.js";

const KEPT_REQUESTS = 100; // by each of them: there may be thousands

let named = 0;

/**
 * Adds the instance that `config` describes.
 * @throws MockError `invalid_request` where its name is taken, `unknown_scenario`, `too_large`
 */
export async function addInstance(
	registry: Registry,
	config: InstanceConfig,
): Promise<Instance> {
	const { settings } = registry.root;
	const catalogue = await settings.catalogue;
	const scenario =
		config.scenario === undefined ? undefined : catalogue.find(config.scenario);
	const played = scenario?.instance ?? {};
	const asked = config.gitlab_version ?? played.gitlab_version;
	const version = asked === undefined ? settings.version : parseVersion(asked);
	const instance = createInstance({
		name: config.name ?? (config.host === undefined ? freeName(registry) : ""),
		host: config.host,
		issuer: config.issuer,
		url: ownUrl(
			{ issuer: config.issuer, gitlabUrl: config.gitlab_url },
			version,
		),
		version,
		plan: config.plan ?? played.plan ?? settings.plan,
		audience: config.audience ?? settings.audience,
		clock: settings.clock,
		// Made when they are first asked for: there may be thousands of instances.
		keys: () => registry.keys.pair(),
		pool: registry.keys,
		catalogue: settings.catalogue,
		faults: { ...played.faults, ...config.faults },
		baseline: config.baseline ?? settings.baseline,
		scenario: scenario?.id,
		requests: KEPT_REQUESTS,
		counts: registry.root.counts,
	});
	registry.add(instance);
	return instance;
}

function freeName(registry: Registry): string {
	do named += 1;
	while (registry.get(`gitlab-${named}`));
	return `gitlab-${named}`;
}
