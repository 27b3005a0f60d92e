import { CandleSeries as AgentSeries } from "../../../agents/mod.ts";
import type { DeskEvent } from "../../contracts/order.ts";
import type { Direction } from "../../contracts/primitives.ts";
import type { CandleSeries } from "../../exchange/candle_series.ts";

/** An entry that was filled, with its protection in multiples of the ATR at its decision. */
export interface EntryPlan {
  direction: Direction;
  stopAtr: number;
  /** Null for an entry without a target. */
  targetAtr: number | null;
}

interface FilledEntry {
  seq: number;
  direction: Direction;
  price: number;
  stop: number | null;
  target: number | null;
}

/** Candles that are read at once to compute the ATR. */
const READ_CANDLES = 1_024;

/** Collects the filled entries of a run with the stop and target that they were given first. */
export class EntryPlans {
  readonly #entries: FilledEntry[] = [];

  take(event: DeskEvent): void {
    if (event.type === "OrderFilled" && event.fill.role === "entry") {
      const { seq, side, price } = event.fill;
      this.#entries.push({
        seq,
        direction: side === "buy" ? "long" : "short",
        price: Number(price),
        stop: null,
        target: null,
      });
    } else if (event.type === "OrderAccepted" && event.order.price !== null) {
      const entry = this.#entries.at(-1);
      // One leg alone would be no comparison for a pair, so its entry gets no plan.
      if (entry === undefined || event.order.hedge !== undefined) return;
      const { role, price } = event.order;
      if (role === "stop") entry.stop ??= Number(price);
      else if (role === "target") entry.target ??= Number(price);
    }
  }

  /** The plans; entries without a known ATR or protection are left out. */
  finish(candles: CandleSeries, fromSeq: number): EntryPlan[] {
    const atrs = atrBefore(candles, fromSeq, this.#entries);
    return this.#entries.flatMap(
      ({ direction, price, stop, target }, index) => {
        const atr = atrs[index]!;
        if (!(atr > 0) || stop === null) return [];
        return [{
          direction,
          stopAtr: Math.abs(price - stop) / atr,
          targetAtr: target === null ? null : Math.abs(target - price) / atr,
        }];
      },
    );
  }
}

/** The ATR at the candle before each entry, by the agents' own series. */
function atrBefore(
  candles: CandleSeries,
  fromSeq: number,
  entries: readonly FilledEntry[],
): number[] {
  const series = new AgentSeries();
  const atrs: number[] = [];
  const lastSeq = entries.at(-1)?.seq ?? -1;
  for (let from = fromSeq; from <= lastSeq; from += READ_CANDLES) {
    const count = Math.min(READ_CANDLES, lastSeq + 1 - from);
    const packed = candles.packed(from, count);
    for (let index = 0; index < count; index++) {
      while (entries[atrs.length]?.seq === from + index) {
        atrs.push(series.newestAtr);
      }
      series.append({ fromSeq: from, count, packed }, index);
    }
  }
  return atrs;
}
