import type {
  StrategiesConfig,
  StrategyKey,
} from "../../lib/contracts/strategies.ts";
import type { DetectorSet } from "../smc/detector_set.ts";
import type { HeldPosition } from "./position_book.ts";
import type { Setup } from "./setup.ts";

/** What a strategy sees on a candle. */
export interface StrategyContext {
  detectors: DetectorSet;
  strategies: StrategiesConfig;
}

/** What a strategy wants done with its open position. */
export type Management =
  | { kind: "close"; reason: string }
  | { kind: "moveStop"; stopPrice: number; reason: string };

/**
 * One strategy of one agent. It has no clock and no randomness; what it
 * remembers is in its snapshot. On a candle the calls come in this order:
 * `step`, `manage` for an open position of its own, `endOfSetup`, `propose`.
 */
export interface Strategy<State = unknown> {
  readonly key: StrategyKey;
  /** Limit entries wait for their price; market entries are made on one candle and live for the next. */
  readonly entry: Setup["entry"];
  /** Takes the newest candle into the strategy's own indicators, if it has any. Called while it is on or has a position. */
  step?(context: StrategyContext): void;
  /** The setup that the newest candle makes, or null. Called while the strategy is on. */
  propose(context: StrategyContext): Setup | null;
  /** Candles after its own in which a setup may be filled. */
  waitCandles(context: StrategyContext): number;
  /** Why a setup is over at the newest candle, or null while it stands. */
  endOfSetup(setup: Setup, context: StrategyContext): string | null;
  /** What to do with the open position, or null. The configuration of now counts, whether the strategy is on or not. */
  manage(position: HeldPosition, context: StrategyContext): Management | null;
  snapshot(): State;
  restore(state: State): void;
}

/** How many candles of market entries may be filled: the next one. */
export const MARKET_WAIT_CANDLES = 1;

/** A market entry is made on its candle or not at all. */
export function endOfMarketSetup(
  setup: Setup,
  { detectors }: StrategyContext,
): string | null {
  return detectors.series.lastSeq > setup.createdSeq
    ? "The candle of the entry is over"
    : null;
}
