// GET /_mock/scenarios[/ID]: the catalogue, and what one scenario's file says.
import type { Scenario } from "../../scenario/schema.js";
import { answerJson, type MockRoute } from "./route.js";

const summary = ({ id, title, expect, rule, level }: Scenario) => ({
	id,
	title,
	expect,
	rule,
	level,
});

export async function listScenarios({
	ctx,
	instance,
}: MockRoute): Promise<void> {
	const catalogue = await instance.catalogue;
	answerJson(ctx, { scenarios: catalogue.all().map(summary) });
}

export async function showScenario({
	ctx,
	instance,
}: MockRoute): Promise<void> {
	const { file: _, ...scenario } = (await instance.catalogue).find(
		ctx.params.scenario ?? "",
	);
	answerJson(ctx, scenario);
}
