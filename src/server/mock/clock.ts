// The instance's clock: every time in its tokens and headers follows it.
import { z } from "zod";
import { DURATION, type MovableClock, parseDuration } from "../../clock.js";
import { route } from "./route.js";

const duration = z
	.string()
	.regex(DURATION, "expected a duration such as 5m or -1h30m");

/** One of the ways to move a clock. */
const clockChangeSchema = z.union([
	z.strictObject({
		now: z.union([z.number(), z.iso.datetime({ offset: true })]).meta({
			description:
				"stand still at this time: seconds since the epoch, or ISO 8601",
		}),
	}),
	z.strictObject({
		offset: duration.meta({
			description:
				"run, so far ahead of the machine's clock (negative: behind)",
		}),
	}),
	z.strictObject({
		advance: duration.meta({ description: "move on, standing still or not" }),
	}),
]);
type ClockChange = z.infer<typeof clockChangeSchema>;

const stateSchema = z.object({
	now: z.number(),
	iso: z.string(),
	frozen: z.boolean(),
	offset: z.number().meta({ description: "seconds" }),
});

/** Moves `clock`. */
function moveClock(clock: MovableClock, change: ClockChange): void {
	if ("advance" in change) clock.advance(parseDuration(change.advance));
	else if ("offset" in change) clock.shift(parseDuration(change.offset));
	else
		clock.freeze(
			typeof change.now === "number"
				? change.now
				: Date.parse(change.now) / 1000,
		);
}

export const clockRoutes = [
	route({
		method: "get",
		path: "/_mock/clock",
		summary: "The instance's time",
		answer: stateSchema,
		handle: ({ instance }) => instance.clock.state(),
	}),
	route({
		method: "put",
		path: "/_mock/clock",
		summary: "Stops or moves the clock",
		changes: true,
		body: clockChangeSchema,
		answer: stateSchema,
		handle({ instance: { clock }, body }) {
			moveClock(clock, body);
			return clock.state();
		},
	}),
	route({
		method: "delete",
		path: "/_mock/clock",
		summary: "Gives the clock its own time back",
		changes: true,
		answer: stateSchema,
		handle({ instance: { clock } }) {
			clock.reset();
			return clock.state();
		},
	}),
];
