import { type Candle, CANDLE_WIDTH } from "../../../lib/contracts/candle.ts";
import type { CandleBatch } from "../../../lib/contracts/links.ts";

/** Packs candles as a feed does. */
export function toBatch(candles: readonly Candle[]): CandleBatch {
  const packed = new Float64Array(candles.length * CANDLE_WIDTH);
  candles.forEach((bar, index) =>
    packed.set(
      [bar.openAt, bar.open, bar.high, bar.low, bar.close, bar.volume],
      index * CANDLE_WIDTH,
    )
  );
  return {
    type: "candles",
    fromSeq: candles[0]!.seq,
    count: candles.length,
    packed,
    ...(candles[0]!.hedge === undefined ? {} : { hedge: hedgeRows(candles) }),
  };
}

function hedgeRows(candles: readonly Candle[]): Float64Array {
  return new Float64Array(candles.flatMap(({ hedge }) => {
    const { open, high, low, close, volume } = hedge!;
    return [open, high, low, close, volume];
  }));
}
