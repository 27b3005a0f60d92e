import assert from "node:assert/strict";
import type {
  FvgStrategyConfig,
  OrderBlockStrategyConfig,
} from "../../../lib/contracts/strategies.ts";
import { strategiesConfigSchema } from "../../../lib/contracts/strategies.ts";
import { proposeGap } from "../../../agents/strategies/fvg.ts";
import { proposeOrderBlock } from "../../../agents/strategies/order_block.ts";
import { describeReasons } from "../../../agents/strategies/reasons.ts";
import type { ZoneSetup } from "../../../agents/strategies/setup.ts";
import { candlesOf, mirror, type Ohlc } from "../fixtures/candles.ts";
import { detect } from "../fixtures/run_detectors.ts";

const DEFAULTS = strategiesConfigSchema.parse({});
const SETTINGS = { swingLength: 3 };

/** Quiet candles of range 1: the ATR is 1. */
const QUIET: Ohlc[] = Array.from({ length: 14 }, (_, i): Ohlc => {
  const base = 100 + i * 0.01;
  return [base, base + 0.5, base - 0.5, base];
});

/** Swing high 103, leg from 98, order block 98 to 99.2, break at candle 23 with an FVG after it. */
const BREAK: Ohlc[] = [
  ...QUIET,
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

/** A strong candle after the break, and the gap it leaves: 104 to 105.5. */
const GAP: Ohlc[] = [
  ...BREAK,
  [103.8, 106.2, 103.8, 106],
  [106, 107, 105.5, 106.5],
];

function orderBlockAt(
  rows: Ohlc[],
  config: Partial<OrderBlockStrategyConfig> = {},
): ZoneSetup | null {
  const { detectors } = detect(candlesOf(rows), SETTINGS);
  return proposeOrderBlock(detectors, { ...DEFAULTS.orderBlock, ...config });
}

function gapAt(
  rows: Ohlc[],
  config: Partial<FvgStrategyConfig> = {},
): ZoneSetup | null {
  const { detectors } = detect(candlesOf(rows), SETTINGS);
  return proposeGap(detectors, { ...DEFAULTS.fvg, ...config });
}

Deno.test("proposeOrderBlock() plans a long at a bullish displaced block and a short at its mirror", () => {
  const long = orderBlockAt(BREAK)!;
  assert.deepEqual(long.zone, { bias: 1, near: 99.2, far: 98 });
  assert.equal(long.plan.entryPrice, 99.2);
  assert.ok(long.plan.stopPrice < 98 && long.plan.stopPrice > 97.5);
  assert.equal(long.createdSeq, 23);
  assert.deepEqual(describeReasons(long), [
    "Bullish order block 98 to 99.2",
    "Upward break of structure by close",
    "Displacement leg of 4.6 ATR",
    "Target at 2.0R: no liquidity is far enough",
  ]);
  const short = orderBlockAt(mirror(BREAK))!;
  assert.equal(short.zone.bias, -1);
  assert.ok(Math.abs(short.plan.entryPrice - 100.8) < 1e-9);
  assert.ok(short.plan.stopPrice > 102 && short.plan.targetPrice < 100.8);
});

Deno.test("proposeOrderBlock() proposes nothing on the candle before and after the break", () => {
  assert.equal(orderBlockAt(BREAK.slice(0, -1)), null);
  assert.equal(orderBlockAt([...BREAK, [103.8, 104, 103.5, 103.9]]), null);
});

Deno.test("proposeOrderBlock() refuses a block that reaches beyond half of the leg", () => {
  const tall = BREAK.map((row, index): Ohlc =>
    index === 19 ? [99, 101.1, 98, 98.5] : row
  );
  assert.equal(orderBlockAt(tall), null);
});

Deno.test("proposeOrderBlock() refuses a block without displacement", () => {
  const shrink = (price: number) => 101 + (price - 100) / 10;
  const rows = [...BREAK];
  rows[21] = [100, 101.5, 99.1, 101.5];
  rows[22] = [101.5, 102.5, 99.9, 102.4];
  rows[23] = [102.4, 104, 101.4, 103.8];
  const small = rows.map(([o, h, l, c], index): Ohlc =>
    index < 14 ? [o, h, l, c] : [shrink(o), shrink(h), shrink(l), shrink(c)]
  );
  assert.notEqual(orderBlockAt(rows), null);
  assert.equal(orderBlockAt(small), null);
});

Deno.test("proposeOrderBlock() refuses a target nearer than the least reward to risk", () => {
  assert.equal(orderBlockAt(BREAK, { minRewardRisk: 3 }), null);
  assert.notEqual(orderBlockAt(BREAK, { minRewardRisk: 3, targetR: 3 }), null);
});

Deno.test("proposeGap() plans a long at a large gap with the trend and a short at its mirror", () => {
  const long = gapAt(GAP)!;
  assert.deepEqual(long.zone, { bias: 1, near: 105.5, far: 104 });
  assert.equal(long.plan.entryPrice, 105.5);
  assert.ok(long.plan.stopPrice < 104 && long.plan.targetPrice > 105.5);
  const short = gapAt(mirror(GAP))!;
  assert.equal(short.zone.bias, -1);
  assert.equal(short.plan.entryPrice, 94.5);
});

Deno.test("proposeGap() needs the trend, the size and the body", () => {
  assert.notEqual(gapAt(GAP, { minGapAtr: 1, minBodyPct: 90 }), null);
  assert.equal(gapAt(GAP, { minGapAtr: 1.5 }), null);
  assert.equal(gapAt(GAP, { minBodyPct: 92 }), null);
  // The same gap before any break of structure: there is no trend.
  const calm = QUIET.map(([o, h, l, c]): Ohlc => [o, h, l, c]);
  const early: Ohlc[] = [
    ...calm,
    [100.1, 102.6, 100.1, 102.5],
    [102.5, 103, 102, 102.6],
  ];
  const { events } = detect(candlesOf(early), SETTINGS);
  assert.ok(events.some((event) => event.kind === "fvg" && event.seq === 15));
  assert.equal(gapAt(early), null);
});

Deno.test("proposeGap() refuses a gap against the trend", () => {
  const fall: Ohlc[] = [
    ...BREAK,
    [103.8, 103.9, 101.6, 101.7],
    [101.7, 101.8, 100, 100.2],
  ];
  const { events, detectors } = detect(candlesOf(fall), SETTINGS);
  const gap = events.find((event) =>
    event.kind === "fvg" && event.stage === "created" && event.seq === 25
  );
  assert.equal(gap?.bias, -1);
  assert.equal(detectors.structure.trend, 1);
  assert.equal(gapAt(fall), null);
});
