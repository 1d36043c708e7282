// When each thing that GitLab's documents say came, by version, and where that was read.
import type { Arrival } from "./history.js";
import { atLeast } from "./version.js";

const SEEN_2025 = "seen at gitlab.com by the middle of 2025, not in 16.8";
const SEEN_2026 = "seen at gitlab.com on 20 June 2026";

const ARRIVALS = {
	admin_mode: {
		what: "scope `admin_mode`",
		since: "15.8",
		source: "!107875",
	},
	create_runner: {
		what: "scope `create_runner`",
		since: "16.0",
		source: "documentation of 16.8",
		unsure: "listed there without a version",
	},
	ai_features: {
		what: "scope `ai_features`",
		since: "16.1",
		source: "documentation of 16.8",
		unsure: "listed there without a version",
	},
	k8s_proxy: { what: "scope `k8s_proxy`", since: "16.4", source: "#422408" },
	read_service_ping: {
		what: "scope `read_service_ping`",
		since: "16.8",
		source: "documentation",
	},
	no_old_keys: {
		what: "`/-/jwks` is gone: the keys are at `/oauth/discovery/keys` alone",
		since: "17.0",
		source: "the routes of GitLab, old and new",
		unsure: "with `CI_JOB_JWT`, for which it was made",
	},
	manage_runner: {
		what: "scope `manage_runner`",
		since: "17.1",
		source: "a document of gitlab.com",
		unsure: SEEN_2025,
	},
	self_rotate: {
		what: "scope `self_rotate`",
		since: "17.9",
		source: "!178111",
	},
	device_code: {
		what: "grant `device_code`",
		since: "17.9",
		source: "documentation",
	},
	dynamic_scopes: {
		what: "scopes `ai_workflows` and `user:*`",
		since: "17.9",
		source: "a document of gitlab.com",
		unsure: SEEN_2025,
	},
	virtual_registry: {
		what: "scopes `read_virtual_registry`, `write_virtual_registry`",
		since: "18.0",
		source: "a document of gitlab.com",
		unsure: SEEN_2025,
	},
	mcp: {
		what: "scope `mcp`; both documents also below `/api/v4/mcp`",
		since: "18.3",
		source: "!198566",
		unsure: "the merge request's milestone was not read",
	},
	registration: {
		what: "`registration_endpoint` in `oauth-authorization-server`, which is cached for a day and not open to pages",
		since: "18.3",
		source: "!197644",
		unsure:
			"behind a flag at first; not in a document of gitlab.com of the middle of 2025",
	},
	no_password: {
		what: "grant `password` is not offered any more",
		since: "19.0",
		source: "#323615",
		unsure: `a setting, off by default from there on; ${SEEN_2026}`,
	},
	webfinger_issuer: {
		what: "webfinger's `href` is the issuer; before, the instance's URL with a slash at the end",
		since: "19.0",
		source: "doorkeeper-openid_connect, old and new",
		unsure: "which GitLab took the new gem was not read",
	},
	claims_of_jobs: {
		what: "`claims_supported` has `project_path`, `ci_config_ref_uri`, `ref_path`, `sha`, `environment`, `jti`",
		since: "19.0",
		source: "a document of gitlab.com, #428061",
		unsure: "seen in 2026",
	},
	mcp_orbit: {
		what: "scope `mcp_orbit`",
		since: "19.1",
		source: "a document of gitlab.com",
		unsure: SEEN_2026,
	},
	given_name: {
		what: "`claims_supported` has `given_name`, `family_name`",
		since: "19.4",
		source: "a document of gitlab.com",
		unsure: "seen on 19 September 2026",
	},
} as const satisfies Record<string, Arrival>;

export type DocumentArriving = keyof typeof ARRIVALS;

/** Everything that came, in the order of the versions. */
export const documentArrivals: Readonly<Record<DocumentArriving, Arrival>> =
	ARRIVALS;

/** Whether the documents of this version have it. */
export const documentHas = (version: string, what: DocumentArriving): boolean =>
	atLeast(version, ARRIVALS[what].since);
