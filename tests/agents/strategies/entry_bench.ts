/** What tests of entries share: a trader that is driven candle by candle. */
import assert from "node:assert/strict";
import type {
  DeskAction,
  DeskEvent,
  OrderIntent,
} from "../../../lib/contracts/order.ts";
import {
  sizingConfigSchema,
  type StrategiesConfig,
  strategiesConfigSchema,
} from "../../../lib/contracts/strategies.ts";
import { packCandles } from "../../../agents/market/candle_batch.ts";
import { DetectorSet } from "../../../agents/smc/detector_set.ts";
import { Trader } from "../../../agents/strategies/trader.ts";
import { candlesOf, type Ohlc } from "../fixtures/candles.ts";
import { DETECTOR } from "../fixtures/run_detectors.ts";

/** One strategy, whose setups live five candles. */
export const STRATEGIES: StrategiesConfig = strategiesConfigSchema.parse({
  orderBlock: { maxAgeCandles: 5 },
  fvg: { enabled: false },
});

const SIZING = sizingConfigSchema.parse({});

/** Up to the break at candle 23, which makes an order block from 98 to 99.2. */
export const BREAK: Ohlc[] = [
  ...Array.from({ length: 14 }, (_, i): Ohlc => {
    const base = 100 + i * 0.01;
    return [base, base + 0.5, base - 0.5, base];
  }),
  [100, 101, 99.8, 101],
  [101, 102, 100.8, 102],
  [102, 103, 101.8, 102.5],
  [102.5, 102.6, 101, 101],
  [101, 101.2, 99, 99],
  [99, 99.2, 98, 98.5],
  [98.5, 100, 98.4, 100],
  [100, 101.5, 99.8, 101.5],
  [101.5, 102.5, 101, 102.4],
  [102.4, 104, 102, 103.8],
];

/** A candle that changes nothing. */
export const CALM: Ohlc = [103.8, 104, 103, 103.8];

/** Drives a book candle by candle. */
export class Bench {
  book = new Trader();
  readonly detectors = new DetectorSet({ ...DETECTOR, swingLength: 3 });
  #seq = 0;

  next(
    row: Ohlc,
    gate: { closedBecause?: string; strategies?: StrategiesConfig } = {},
  ): readonly DeskAction[] {
    const batch = packCandles(candlesOf([row], this.#seq++));
    this.detectors.step(batch, 0);
    return this.book.decide(this.detectors, {
      strategies: gate.strategies ?? STRATEGIES,
      sizing: SIZING,
      riskPct: 0.5,
      closedBecause: gate.closedBecause ?? null,
      hasPosition: false,
    });
  }

  /** Up to and with the breaking candle. */
  break(closedBecause?: string): readonly DeskAction[] {
    let actions: readonly DeskAction[] = [];
    for (const row of BREAK) {
      actions = this.next(row, closedBecause ? { closedBecause } : {});
    }
    return actions;
  }
}

/** The entry that was submitted. */
export function intentOf(actions: readonly DeskAction[]): OrderIntent {
  const [action] = actions;
  assert.equal(action?.kind, "submit");
  return (action as { intent: OrderIntent }).intent;
}

/** Why an entry was withdrawn. */
export function cancelReason(actions: readonly DeskAction[]): string {
  const [action] = actions;
  assert.equal(action?.kind, "cancel");
  return (action as { reason: string }).reason;
}

/** The desk has taken an entry. */
export function accepted(intentId: string): DeskEvent {
  const order = { role: "entry", intentId };
  return { type: "OrderAccepted", order } as DeskEvent;
}
