// What one of GitLab's own endpoints is.
import type { Context } from "koa";
import type { Instance } from "../instance.js";

/** Answers one of GitLab's paths for the instance at `issuer`. */
export type Endpoint = (
	ctx: Context,
	instance: Instance,
	issuer: string,
) => void | Promise<void>;
