// What one of GitLab's own endpoints is.
import type { Context } from "koa";
import type { Place } from "../instance/registry.js";

/** Answers one of GitLab's paths. */
export type Endpoint = (ctx: Context, place: Place) => void | Promise<void>;
