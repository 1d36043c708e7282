// The authentication of a Kubernetes API server, written after its documentation for the tests of the preset.
import type { GitLab } from "../../src/index.js";
import { type Reply, serve, verifierOf } from "./service.js";

type Json = Record<string, unknown>;

/** A user, or undefined where the token is refused. */
export type Authenticate = (claims: Json) => string | undefined;

const API = "authentication.k8s.io/v1";
const status = (code: number, reason: string, message: string): Reply => ({
	status: code,
	body: { kind: "Status", status: "Failure", code, reason, message },
});

export const REVIEWER = "reviewer-token";

export const kubernetesServer = (
	gitlab: GitLab,
	audiences: readonly string[],
	authenticate: Authenticate,
) =>
	serve(async (request, body) => {
		const userOf = async (token: string): Promise<string | undefined> => {
			if (token === REVIEWER) return "reviewer";
			try {
				const claims: Json = await verifierOf(gitlab, 300)(token);
				if (Number(claims.exp) < gitlab.clock.now()) return undefined;
				return [claims.aud]
					.flat()
					.some((aud) => audiences.includes(String(aud)))
					? authenticate(claims)
					: undefined;
			} catch {
				return undefined;
			}
		};
		const header = request.headers.authorization ?? "";
		const bearer = /^Bearer (.+)$/.exec(header)?.[1];
		const caller =
			bearer === undefined ? "system:anonymous" : await userOf(bearer);
		if (caller === undefined) {
			return status(401, "Unauthorized", "Unauthorized");
		}
		const review = JSON.parse(body);
		if (review.apiVersion !== API) return status(400, "BadRequest", "what?");
		if (request.url === `/apis/${API}/selfsubjectreviews`) {
			if (caller === "system:anonymous") {
				const message = `User "${caller}" cannot create resource "selfsubjectreviews"`;
				return status(403, "Forbidden", message);
			}
			const userInfo = { username: caller, groups: ["system:authenticated"] };
			return { status: 201, body: { ...review, status: { userInfo } } };
		}
		if (request.url === `/apis/${API}/tokenreviews`) {
			if (caller !== "reviewer") return status(403, "Forbidden", "no");
			const username = await userOf(review.spec.token);
			return {
				status: 201,
				body: {
					...review,
					status: username
						? { authenticated: true, user: { username } }
						: { user: {}, error: "[invalid bearer token]" },
				},
			};
		}
		return status(404, "NotFound", "not found");
	});
