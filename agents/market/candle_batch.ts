/**
 * Reading of packed candle batches without the schema library: the agent's
 * bundle holds no zod, and the contract's own reader sits beside a schema. A
 * test holds the two readers equal.
 *
 * @module
 */
import type { Candle } from "../../lib/contracts/candle.ts";
import { assert } from "../../lib/core/assert.ts";

/** Numbers that one packed candle takes: openAt, open, high, low, close, volume. */
export const PACKED_CANDLE_WIDTH = 6;

/** Consecutive candles in one array; what a feed sends. */
export interface PackedCandles {
  /** Sequence number of the first candle. */
  fromSeq: number;
  count: number;
  packed: Float64Array;
  /** The second market: open, high, low, close, volume for each candle. */
  hedge?: Float64Array;
}

/** Numbers that the second market takes for each candle. */
export const PACKED_HEDGE_WIDTH = 5;

/**
 * Checks that a batch holds what it says.
 *
 * @throws {DefectError} If the numbers of the batch contradict each other.
 */
export function assertWholeBatch(batch: PackedCandles): void {
  assert(
    Number.isSafeInteger(batch.fromSeq) && batch.fromSeq >= 0,
    `Candle batch must start at a sequence number, was ${batch.fromSeq}`,
  );
  assert(
    Number.isSafeInteger(batch.count) && batch.count > 0,
    `Candle batch must hold at least one candle, was ${batch.count}`,
  );
  assert(
    batch.packed.length >= batch.count * PACKED_CANDLE_WIDTH,
    `Candle batch of ${batch.count} must hold ${
      batch.count * PACKED_CANDLE_WIDTH
    } numbers, was ${batch.packed.length}`,
  );
  assert(
    batch.hedge === undefined ||
      batch.hedge.length >= batch.count * PACKED_HEDGE_WIDTH,
    `Candle batch of ${batch.count} must hold ${
      batch.count * PACKED_HEDGE_WIDTH
    } numbers of the second market, was ${batch.hedge?.length}`,
  );
}

/** Packs candles with consecutive sequence numbers into one batch. */
export function packCandles(candles: readonly Candle[]): PackedCandles {
  assert(candles.length > 0, "A candle batch cannot be empty");
  const packed = new Float64Array(candles.length * PACKED_CANDLE_WIDTH);
  for (let index = 0; index < candles.length; index++) {
    const candle = candles[index]!;
    packed.set([
      candle.openAt,
      candle.open,
      candle.high,
      candle.low,
      candle.close,
      candle.volume,
    ], index * PACKED_CANDLE_WIDTH);
  }
  const batch = { fromSeq: candles[0]!.seq, count: candles.length, packed };
  return candles[0]!.hedge === undefined
    ? batch
    : { ...batch, hedge: packHedges(candles) };
}

function packHedges(candles: readonly Candle[]): Float64Array {
  const rows = new Float64Array(candles.length * PACKED_HEDGE_WIDTH);
  candles.forEach(({ seq, hedge }, index) => {
    assert(hedge !== undefined, `Candle ${seq} lacks the second market`);
    const { open, high, low, close, volume } = hedge;
    rows.set([open, high, low, close, volume], index * PACKED_HEDGE_WIDTH);
  });
  return rows;
}
