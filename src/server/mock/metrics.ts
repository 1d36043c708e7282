// What the server has done, for Prometheus.
import { inTurn } from "../../in-turn.js";
import { route } from "./route.js";

export const metricsRoutes = [
	route({
		method: "get",
		path: "/_mock/metrics",
		summary: "Metrics of the whole server, in Prometheus' text format",
		answer: "text/plain; version=0.0.4; charset=utf-8",
		async handle({ registry }) {
			// prom-client is for who asks, and nobody else waits for it.
			const { metricsText } = await inTurn(
				() => import("../traffic/metrics.js"),
			);
			return metricsText(registry);
		},
	}),
];
