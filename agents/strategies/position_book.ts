import type { DeskEvent } from "../../lib/contracts/order.ts";
import type { Bias } from "../../lib/contracts/pattern.ts";
import type { StrategyKey } from "../../lib/contracts/strategies.ts";
import { type CandleSeries, SERIES_MASK } from "../market/candle_series.ts";
import type { Setup } from "./setup.ts";

/** What an agent knows of its open position. Plain data. */
export interface HeldPosition {
  intentId: string;
  strategy: StrategyKey;
  bias: Bias;
  /** Candle of the setup. */
  createdSeq: number;
  /** Candle that filled the entry. */
  entrySeq: number;
  entryPrice: number;
  /** Where the stop rests, as the desk says. */
  stopPrice: number;
  /** The price whose loss by close speaks against the trade; null for none. */
  level: number | null;
  /** Best close since the entry, the candle of the entry included. */
  bestClose: number;
  /** Closes behind the level since the entry. */
  closesBehind: number;
  /** Candles after which it is closed; left out where its setup names none. */
  holdCandles?: number;
}

/** State of a {@link PositionBook}. */
export type PositionBookSnapshot = HeldPosition | null;

/**
 * The open position of an agent, as the events of the desk and the closes since
 * tell it. Deterministic: the same events and candles give the same facts.
 */
export class PositionBook {
  #held: HeldPosition | null = null;

  /** The open position, or null. */
  get held(): HeldPosition | null {
    return this.#held;
  }

  /** Takes an event of the desk; `setup` is the one whose entry it fills, if any. */
  apply(event: DeskEvent, setup: Setup | null): void {
    switch (event.type) {
      case "OrderFilled":
        if (setup !== null) this.#held = open(setup, event);
        return;
      case "OrderAccepted": {
        const { role, intentId, price } = event.order;
        const held = this.#held;
        if (role !== "stop" || held?.intentId !== intentId) return;
        if (price !== null) held.stopPrice = Number(price);
        return;
      }
      case "PositionClosed":
        this.#held = null;
        return;
      default:
        return;
    }
  }

  /** Takes the newest candle. `hasPosition` is what the desk says; a position that it does not have is forgotten. */
  step(series: CandleSeries, hasPosition: boolean): void {
    const held = this.#held;
    if (held === null) return;
    if (!hasPosition) {
      this.#held = null;
      return;
    }
    const { bias, level } = held;
    const close = series.close[series.lastSeq & SERIES_MASK]!;
    if (
      series.lastSeq === held.entrySeq || bias * (close - held.bestClose) > 0
    ) {
      held.bestClose = close;
    }
    if (level !== null && bias * (close - level) < 0) held.closesBehind++;
  }

  snapshot(): PositionBookSnapshot {
    return this.#held === null ? null : { ...this.#held };
  }

  restore(snapshot: PositionBookSnapshot): void {
    this.#held = snapshot === null ? null : { ...snapshot };
  }
}

/** How many candles a position is held at the newest one, both ends included. */
export function heldCandles(
  position: HeldPosition,
  series: CandleSeries,
): number {
  return series.lastSeq - position.entrySeq + 1;
}

/** A fill at a venue has the number of the last closed candle, and its event that of the candle it was in. */
function open(
  setup: Setup,
  { seq, fill }: Extract<DeskEvent, { type: "OrderFilled" }>,
): HeldPosition {
  const entryPrice = Number(fill.price);
  return {
    intentId: fill.intentId,
    strategy: setup.strategy,
    bias: setup.bias,
    createdSeq: setup.createdSeq,
    entrySeq: seq,
    entryPrice,
    stopPrice: setup.plan.stopPrice,
    level: setup.entry === "market" ? setup.level : null,
    bestClose: entryPrice,
    closesBehind: 0,
    ...(setup.entry === "market" && setup.holdCandles !== undefined
      ? { holdCandles: setup.holdCandles }
      : {}),
  };
}
