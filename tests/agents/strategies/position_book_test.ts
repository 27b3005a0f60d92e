import assert from "node:assert/strict";
import type { DeskEvent } from "../../../lib/contracts/order.ts";
import { packCandles } from "../../../agents/market/candle_batch.ts";
import { CandleSeries } from "../../../agents/market/candle_series.ts";
import {
  heldCandles,
  PositionBook,
} from "../../../agents/strategies/position_book.ts";
import type { MarketSetup } from "../../../agents/strategies/setup.ts";
import { candlesOf, mirror, type Ohlc } from "../fixtures/candles.ts";

function setup(bias: 1 | -1): MarketSetup {
  return {
    strategy: "breakout",
    entry: "market",
    bias,
    plan: {
      entryPrice: 100,
      stopPrice: bias > 0 ? 98 : 102,
      targetPrice: null,
      rewardRisk: null,
      isAtOpposing: false,
    },
    level: bias > 0 ? 99.5 : 100.5,
    createdSeq: 0,
    facts: {
      kind: "breakout",
      level: "donchian",
      channelCandles: 20,
      squeezePercentile: null,
      volumeRatio: null,
      isVolumeMissing: false,
      bodyPct: 60,
      trailAtr: 3,
    },
  };
}

const FILLED = {
  type: "OrderFilled",
  seq: 1,
  fill: { intentId: "0.0", role: "entry", seq: 1, price: "100.02" },
} as DeskEvent;

const stopAt = (price: string, intentId = "0.0") =>
  ({
    type: "OrderAccepted",
    seq: 1,
    order: { role: "stop", intentId, price },
  }) as DeskEvent;

/** A book with a position from candle 1 on, and the candles after it. */
function held(bias: 1 | -1, rows: readonly Ohlc[]) {
  const series = new CandleSeries();
  const book = new PositionBook();
  book.apply(FILLED, setup(bias));
  const all: Ohlc[] = [[100, 100, 100, 100], ...rows];
  for (const candle of candlesOf(bias > 0 ? all : mirror(all))) {
    series.append(packCandles([candle]), 0);
    if (candle.seq > 0) book.step(series, true);
  }
  return { book, series };
}

Deno.test("PositionBook keeps the best close and counts the closes behind the level", () => {
  for (const bias of [1, -1] as const) {
    const { book } = held(bias, [
      [100, 100, 99, 99.4],
      [99.4, 103, 99, 101],
      [101, 104, 99, 100.5],
      [100.5, 101, 99, 99.5],
      [99.5, 99.6, 99, 99.2],
    ]);
    const best = bias > 0 ? 101 : 99;
    assert.equal(book.held!.bestClose, best);
    assert.equal(book.held!.closesBehind, 2);
    assert.equal(book.held!.entryPrice, 100.02);
    assert.equal(book.held!.entrySeq, 1);
  }
});

Deno.test("PositionBook begins the best close at the candle of the entry, however bad it is", () => {
  assert.equal(held(1, [[100, 100, 99, 99.1]]).book.held!.bestClose, 99.1);
});

Deno.test("PositionBook has the stop where the desk says", () => {
  const { book } = held(1, []);
  assert.equal(book.held!.stopPrice, 98);
  book.apply(stopAt("98.5"), null);
  assert.equal(book.held!.stopPrice, 98.5);
  book.apply(stopAt("97", "9.0"), null);
  assert.equal(book.held!.stopPrice, 98.5, "of another intent");
});

Deno.test("PositionBook forgets a position that is closed, or that the desk does not have", () => {
  const closed = held(1, []).book;
  closed.apply({ type: "PositionClosed", seq: 2 } as DeskEvent, null);
  assert.equal(closed.held, null);
  const { book, series } = held(1, [[100, 100, 99, 99.1]]);
  book.step(series, false);
  assert.equal(book.held, null);
});

Deno.test("PositionBook goes on from a snapshot", () => {
  const { book } = held(-1, [[100, 100, 99, 99.1]]);
  const again = new PositionBook();
  again.restore(structuredClone(book.snapshot()));
  assert.deepEqual(again.held, book.held);
  again.restore(null);
  assert.equal(again.held, null);
});

Deno.test("PositionBook counts from the candle of the fill at a venue, which has the number of the one before", () => {
  const series = new CandleSeries();
  const book = new PositionBook();
  const fill = { intentId: "0.0", role: "entry", seq: 0, price: "100.02" };
  book.apply({ type: "OrderFilled", seq: 1, fill } as DeskEvent, setup(1));
  const rows: Ohlc[] = [[100, 100, 100, 100], [100, 100, 99, 99.1]];
  for (const candle of candlesOf(rows)) {
    series.append(packCandles([candle]), 0);
  }
  book.step(series, true);
  assert.equal(heldCandles(book.held!, series), 1);
  assert.equal(book.held!.bestClose, 99.1);
});
