import * as z from "zod";
import { choice, parameter } from "./strategies/parameter.ts";

/** What an executor may do about a refusal. */
export const REFUSAL_COURSES = ["retry", "give_up", "trip"] as const;
export type RefusalCourse = (typeof REFUSAL_COURSES)[number];

const RETRY = ["retry", "give_up", "trip"] as const;
const GIVE_UP = ["give_up", "retry", "trip"] as const;
const TRIP = ["trip", "give_up", "retry"] as const;

/** How an executor turns a signal into orders. Stop and target are always those of the signal. */
export const executionConfigSchema = z.strictObject({
  order: choice(["as_signalled", "market", "limit", "post_only", "stop"], {
    label: "Order",
    help:
      "As the signal says; at the market; a limit; a limit that never takes; or a stop that enters once the price is reached",
  }),
  offsetPct: parameter({
    label: "Offset",
    unit: "%",
    help:
      "Limits: how much better than the signal's price; stops: how much beyond it",
    min: 0,
    max: 5,
    step: 0.01,
    preset: 0,
  }),
  waitCandles: parameter({
    label: "Wait for the price",
    unit: "candles",
    help:
      "How long a limit or a stop waits where the signal wanted to enter at once",
    min: 1,
    max: 500,
    step: 1,
    preset: 5,
    whole: true,
  }),
  slicing: choice(["none", "twap", "iceberg"], {
    label: "Slicing",
    help:
      "Whole; in parts at even distances in time; or the next part when the one before is filled",
  }),
  parts: parameter({
    label: "Parts",
    unit: "parts",
    help: "How many parts a sliced entry has",
    min: 2,
    max: 20,
    step: 1,
    preset: 4,
    whole: true,
  }),
  partCandles: parameter({
    label: "Distance of parts",
    unit: "candles",
    help: "Over time: candles from one part to the next",
    min: 1,
    max: 100,
    step: 1,
    preset: 1,
    whole: true,
  }),
  chase: choice(["off", "on"], {
    label: "Follow the market",
    help: "Move a limit that is not filled after the price, candle by candle",
  }),
  chaseMoves: parameter({
    label: "Moves",
    unit: "moves",
    help: "How often an order is moved at most",
    min: 1,
    max: 50,
    step: 1,
    preset: 5,
    whole: true,
  }),
  chaseDistancePct: parameter({
    label: "Distance of the last move",
    unit: "%",
    help: "How far from the signal's price an order is moved at most",
    min: 0.01,
    max: 5,
    step: 0.01,
    preset: 0.3,
  }),
  chaseEnd: choice(["give_up", "market"], {
    label: "When it may not follow further",
    help:
      "Withdraw what is left, or take it at up to the most slippage; one that never takes is always withdrawn",
  }),
  maxSlippagePct: parameter({
    label: "Most slippage",
    unit: "%",
    help:
      "An entry that would be worse than the signal's price by more is not made",
    min: 0.01,
    max: 10,
    step: 0.01,
    preset: 0.5,
  }),
  minConfidence: parameter({
    label: "Least confidence",
    unit: "of 1",
    help:
      "Signals that are less sure are passed over; one without a measure passes",
    min: 0,
    max: 1,
    step: 0.01,
    preset: 0,
  }),
  agreement: choice(["any", "all"], {
    label: "Sources that must agree",
    help:
      "Any: the first signal counts. All: every source must want the same side at the same time",
  }),
  retries: parameter({
    label: "Retries",
    unit: "retries",
    help: "How often a refused entry, or part, is tried again",
    min: 0,
    max: 10,
    step: 1,
    preset: 3,
    whole: true,
  }),
  retryCandles: parameter({
    label: "Wait before a retry",
    unit: "candles",
    help: "Candles before the first retry; doubled each time",
    min: 1,
    max: 50,
    step: 1,
    preset: 1,
    whole: true,
  }),
  onFunds: choice(GIVE_UP, {
    label: "Too little money",
    help: "Margin, balance or leverage is not enough",
  }),
  onRate: choice(RETRY, {
    label: "Too many orders",
    help: "A limit of orders or requests within a time is reached",
  }),
  onPrice: choice(RETRY, {
    label: "Price not possible",
    help: "The market is where the order may not be",
  }),
  onPostOnly: choice(RETRY, {
    label: "Would have taken",
    help: "A limit that never takes was refused for that",
  }),
  onMaintenance: choice(RETRY, {
    label: "Venue or market not there",
    help: "Maintenance, silence of the market, a lost connection",
  }),
  onUnknownOutcome: choice(GIVE_UP, {
    label: "Outcome unknown",
    help:
      "Nothing is ever sent again that may be at the venue; this is about a new entry",
  }),
  onPermission: choice(GIVE_UP, {
    label: "Not allowed",
    help: "A person, a limit or a switch does not allow it",
  }),
  onInvalid: choice(TRIP, {
    label: "Order not valid",
    help: "The order contradicts itself or the rules of the market",
  }),
  breakerFailures: parameter({
    label: "Failures that open the breaker",
    unit: "failures",
    help:
      "Refusals and fills beyond the most slippage within the window; 0 turns the breaker off",
    min: 0,
    max: 50,
    step: 1,
    preset: 5,
    whole: true,
  }),
  breakerWindowCandles: parameter({
    label: "Window of the breaker",
    unit: "candles",
    help: "Within how many candles they count",
    min: 1,
    max: 1_000,
    step: 1,
    preset: 50,
    whole: true,
  }),
  breakerOpenCandles: parameter({
    label: "Pause of the breaker",
    unit: "candles",
    help:
      "How long nothing is entered; doubled each time it opens again before an entry succeeds",
    min: 1,
    max: 1_000,
    step: 1,
    preset: 20,
    whole: true,
  }),
  breakerOpenings: parameter({
    label: "Openings until a person must look",
    unit: "openings",
    help:
      "When it has opened so often in a row it stays open until the agent is paused and resumed",
    min: 1,
    max: 10,
    step: 1,
    preset: 3,
    whole: true,
  }),
});
export type ExecutionConfig = z.infer<typeof executionConfigSchema>;

/** How the breaker of an executor's own entries stands. */
export interface EntryBreakerView {
  /** `latched` waits for a person. */
  state: "closed" | "half_open" | "open" | "latched";
  /** Why it is not closed; null where it is. */
  cause: string | null;
  /** Failures within the window that count towards the next opening. */
  failures: number;
  /** Times that it opened since an entry succeeded last. */
  openings: number;
  /** Candles until one entry may be tried; null where it is not open. */
  candlesLeft: number | null;
}
