// Finds the fault that a request meets. What faults do is loaded with the first: discovery need not wait for it.

import type { Middleware } from "koa";
import { inTurn } from "../in-turn.js";
import { placeOf } from "./instance/locate.js";

export const faults: Middleware = async function faults(ctx, next) {
	const { instance, path } = placeOf(ctx);
	if (!instance.faults.any || path.startsWith("/_mock/")) return next();
	const fault = instance.faults.meet(path);
	if (!fault) return next();
	const { misbehave } = await inTurn(() => import("./misbehave.js"));
	return misbehave(ctx, fault, next);
};
