// Whether an HTTP answer lets the token in: by status, and by body where the profile says so.
import { messageOf } from "../../errors.js";
import type { Outcome } from "../../verdict/result.js";
import type { HttpTargetConfig } from "./config.js";
import { HttpFault } from "./http-fault.js";

const ACCEPTED = ["2xx"];
const REJECTED = [400, 401, 403];

/** Content, URI or header fields too large, and what nginx says of the latter. */
const TOO_LARGE: readonly number[] = [413, 414, 431, 494];

export const isRefusalBySize = (status: number) => TOO_LARGE.includes(status);

/** What an answer means, and why that is not plain from its status. */
export interface HttpVerdict {
	outcome: Outcome;
	because?: string;
}

/**
 * Judges answers as `config` says.
 * @throws MockError `invalid_option` where an expression is none, or one status means both
 */
export function httpJudge(
	config: HttpTargetConfig,
): (status: number, body: string) => HttpVerdict {
	const accepted = matcher(
		config.accepted ?? ACCEPTED,
		expression("accepted_body", config.accepted_body),
	);
	const rejected = matcher(
		config.rejected ?? REJECTED,
		expression("rejected_body", config.rejected_body),
	);
	refuseBoth(config);
	const isEither = [config.accepted_body, config.rejected_body].every(
		(source) => source !== undefined,
	);
	return (status, body) => {
		const yes = accepted(status, body);
		const no = rejected(status, body);
		if (yes.fits && no.fits && yes.isNamed === no.isNamed && !isEither) {
			// The one expression tells them apart: what fits it is that, and what does not is the other.
			const isAccepted = config.accepted_body !== undefined;
			return { outcome: isAccepted ? "accepted" : "rejected" };
		}
		if (yes.fits || no.fits) {
			// A status that one list names and the other has in a class belongs to the first.
			if (!no.fits || (yes.fits && yes.isNamed && !no.isNamed)) {
				return { outcome: "accepted" };
			}
			if (!yes.fits || (no.isNamed && !yes.isNamed)) {
				return { outcome: "rejected" };
			}
			const because = "fits accepted as well as rejected";
			return { outcome: "broken", because };
		}
		if (isRefusalBySize(status)) return { outcome: "rejected" };
		if (yes.isListed) {
			return { outcome: "broken", because: "without what accepted_body asks" };
		}
		if (no.isListed) {
			return { outcome: "broken", because: "without what rejected_body asks" };
		}
		const because = "neither in accepted nor in rejected";
		return { outcome: "broken", because };
	};
}

/** One status, or class, for both needs a body that tells them apart. */
function refuseBoth(config: HttpTargetConfig): void {
	const { accepted = ACCEPTED, rejected = REJECTED } = config;
	const both = accepted.find((status) => rejected.includes(status));
	const { accepted_body, rejected_body } = config;
	if (both === undefined || accepted_body !== undefined) return;
	if (rejected_body !== undefined) return;
	const [part, says] =
		config.rejected === undefined
			? ["accepted", "means rejected, unless `rejected` says otherwise"]
			: ["rejected", "means accepted as well"];
	throw new HttpFault(
		[part],
		`${both} ${says}; accepted_body or rejected_body has to tell the two apart`,
	);
}

function matcher(
	statuses: readonly (number | string)[],
	expected: RegExp | undefined,
) {
	return (status: number, body: string) => {
		const isNamed = statuses.includes(status);
		const isListed =
			isNamed || statuses.includes(`${Math.trunc(status / 100)}xx`);
		const fits = isListed && (expected?.test(body) ?? true);
		return { isNamed, isListed, fits };
	};
}

function expression(name: string, source: string | undefined) {
	if (source === undefined) return undefined;
	try {
		return new RegExp(source, "u");
	} catch (error) {
		throw new HttpFault([name], messageOf(error), error);
	}
}
