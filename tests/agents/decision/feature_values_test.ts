import assert from "node:assert/strict";
import type { Candle } from "../../../lib/contracts/candle.ts";
import type { PatternEvent } from "../../../lib/contracts/pattern.ts";
import {
  FEATURE_COUNT,
  type FeatureName,
  PLACE,
} from "../../../agents/decision/feature_list.ts";
import { WARM_UP_CANDLES } from "../../../agents/decision/limits.ts";
import { DirectionalMovement } from "../../../agents/market/directional_movement.ts";
import { RelativeStrength } from "../../../agents/market/relative_strength.ts";
import { GENESIS_AT, randomWalk } from "../fixtures/candles.ts";
import { featureRows, toValues } from "../fixtures/feature_rows.ts";
import { detect } from "../fixtures/run_detectors.ts";

const COUNT = 900;
const CANDLES = randomWalk({ seed: 11, count: COUNT }).map((candle) => ({
  ...candle,
  openAt: GENESIS_AT + candle.seq * 3_600_000,
  volume: candle.seq % 10 === 3 ? 0 : candle.volume,
}));
const ROWS = featureRows(CANDLES);
const VALUES = toValues(ROWS);
const EVENTS = detect(CANDLES).events;

function value(name: FeatureName, seq: number): number {
  return VALUES[(seq - ROWS.first) * FEATURE_COUNT + PLACE[name]]!;
}

/** Compares a feature at every candle with a formula that reads all candles and events up to it. */
function compare(
  name: FeatureName,
  formula: (known: { past: readonly Candle[]; seq: number }) => number,
): void {
  for (let seq = WARM_UP_CANDLES - 1; seq < COUNT; seq++) {
    const expected = formula({ past: CANDLES.slice(0, seq + 1), seq });
    const clipped = Math.min(5, Math.max(-5, expected));
    const found = value(name, seq);
    assert.ok(
      Math.abs(found - clipped) <= 1e-5,
      `${name} of candle ${seq} was ${found}, not ${clipped}`,
    );
  }
}

const log = (past: readonly Candle[], back: number) =>
  Math.log(past.at(-1)!.close / past.at(-1 - back)!.close);

function atrOf(past: readonly Candle[]): number {
  let atr = 0;
  past.forEach(({ high, low }, index) => {
    const before = past[index - 1]?.close ?? low;
    const range = index === 0
      ? high - low
      : Math.max(high - low, Math.abs(high - before), Math.abs(low - before));
    atr = index < 14 ? atr + range / 14 : (13 * atr + range) / 14;
  });
  return atr;
}

function deviationOf(values: readonly number[]): number {
  const mean = values.reduce((sum, each) => sum + each, 0) / values.length;
  const squares = values.map((each) => (each - mean) ** 2);
  return Math.sqrt(
    squares.reduce((sum, each) => sum + each, 0) / values.length,
  );
}

const returnsOf = (past: readonly Candle[], count: number) =>
  past.slice(-count).map(({ close }, index) =>
    Math.log(close / past[past.length - count + index - 1]!.close)
  );

Deno.test("FeatureStream: returns are over the volatility that was known before the candle", () => {
  const volatility = (past: readonly Candle[]) => {
    let variance = 0;
    for (let index = 1; index < past.length - 1; index++) {
      const square = Math.log(past[index]!.close / past[index - 1]!.close) ** 2;
      variance = index === 1 ? square : 0.94 * variance + 0.06 * square;
    }
    return Math.sqrt(variance);
  };
  for (const back of [1, 3, 12, 48] as const) {
    compare(
      `return_${back}`,
      ({ past }) => log(past, back) / volatility(past) / Math.sqrt(back),
    );
  }
});

Deno.test("FeatureStream: shape and volatility of a candle are those of the formulas", () => {
  const newest = (past: readonly Candle[]) => past.at(-1)!;
  compare("body", ({ past }) => {
    const { close, open } = newest(past);
    return (close - open) / atrOf(past);
  });
  compare("upper_wick", ({ past }) => {
    const { close, high, open } = newest(past);
    return (high - Math.max(open, close)) / atrOf(past);
  });
  compare("lower_wick", ({ past }) => {
    const { close, low, open } = newest(past);
    return (Math.min(open, close) - low) / atrOf(past);
  });
  compare(
    "atr_log",
    ({ past }) => Math.log(100 * atrOf(past) / newest(past).close),
  );
  compare(
    "volatility_ratio",
    ({ past }) =>
      deviationOf(returnsOf(past, 12)) / deviationOf(returnsOf(past, 96)),
  );
});

Deno.test("FeatureStream: a candle without volume has z 0 and the flag 0, and the others do not count it", () => {
  compare("volume_known", ({ past }) => past.at(-1)!.volume > 0 ? 1 : 0);
  compare("volume_z", ({ past }) => {
    if (past.at(-1)!.volume === 0) return 0;
    const known = past.filter(({ volume }) => volume > 0).slice(-96)
      .map(({ volume }) => Math.log(volume));
    const mean = known.reduce((sum, each) => sum + each, 0) / 96;
    return (known.at(-1)! - mean) / deviationOf(known);
  });
});

Deno.test("FeatureStream: a market without volumes has no z, and its other features are the same", () => {
  const without = CANDLES.map((candle) => ({ ...candle, volume: 0 }));
  const found = toValues(featureRows(without));
  assert.equal(found.length, VALUES.length);
  found.forEach((each, index) => {
    const place = index % FEATURE_COUNT;
    const isVolume = place === PLACE.volume_z || place === PLACE.volume_known;
    assert.equal(each, isVolume ? 0 : VALUES[index]);
  });
});

Deno.test("FeatureStream: distances to the averages are those of the formulas", () => {
  const emaOf = (past: readonly Candle[], period: number) => {
    let ema = 0;
    past.forEach(({ close }, index) => {
      ema = index < period
        ? ema + close / period
        : ema + 2 / (period + 1) * (close - ema);
    });
    return ema;
  };
  const distance = (past: readonly Candle[], period: number) =>
    (past.at(-1)!.close - emaOf(past, period)) / atrOf(past);
  compare("ema_20_distance", ({ past }) => distance(past, 20));
  compare(
    "ema_200_distance",
    ({ past }) => distance(past, 200) / Math.sqrt(10),
  );
});

Deno.test("FeatureStream: RSI and ADX are those of the indicators, scaled", () => {
  const strength = new RelativeStrength();
  const movement = new DirectionalMovement();
  CANDLES.forEach(({ close, high, low, seq }) => {
    strength.push(close);
    movement.push(high, low);
    if (seq < ROWS.first) return;
    assert.equal(value("rsi", seq), Math.fround(strength.rsi / 50 - 1));
    assert.equal(value("adx", seq), Math.fround(movement.adx / 100));
  });
});

Deno.test("FeatureStream: times are those of the candle's open in UTC", () => {
  compare("day_sin", ({ seq }) => Math.sin(2 * Math.PI * (seq % 24) / 24));
  compare("day_cos", ({ seq }) => Math.cos(2 * Math.PI * (seq % 24) / 24));
  // The first candle opens on a Monday at midnight.
  assert.equal(new Date(GENESIS_AT).getUTCDay(), 1);
  compare("week_sin", ({ seq }) => Math.sin(2 * Math.PI * seq / 168));
  compare("week_cos", ({ seq }) => Math.cos(2 * Math.PI * seq / 168));
  // Winter: London from 08:00 to 17:00 UTC.
  compare(
    "session_london",
    ({ seq }) => seq % 24 >= 8 && seq % 24 < 17 ? 1 : 0,
  );
});

/** Newest event up to a candle of those that pass. */
function newestEvent<Event extends PatternEvent>(
  seq: number,
  passes: (event: PatternEvent) => event is Event,
): Event | null {
  return EVENTS.filter(passes).filter((event) => event.seq <= seq).at(-1) ??
    null;
}

Deno.test("FeatureStream: structure is that of the events told so far", () => {
  const isBreak = (stage: string | null) =>
  (
    event: PatternEvent,
  ): event is Extract<PatternEvent, { kind: "structure" }> =>
    event.kind === "structure" && event.scale === "swing" &&
    (stage === null || event.stage === stage);
  compare("trend", ({ seq }) => newestEvent(seq, isBreak(null))?.bias ?? 0);
  for (const stage of ["bos", "choch"] as const) {
    compare(`${stage}_recency`, ({ seq }) => {
      const event = newestEvent(seq, isBreak(stage));
      return event === null ? 0 : event.bias * 24 / (24 + seq - event.seq);
    });
  }
  for (const [name, bias] of [["swept_high", 1], ["swept_low", -1]] as const) {
    compare(
      name,
      ({ seq }) =>
        EVENTS.some((event) =>
            event.kind === "liquidity" && event.stage === "swept" &&
            event.bias === bias && event.seq <= seq && event.seq > seq - 12
          )
          ? 1
          : 0,
    );
  }
});

/** Zones of one kind and side that no event up to a candle has touched, and that are young enough. */
function untouchedZones(
  kind: "fvg" | "order_block",
  { bias, seq }: { bias: number; seq: number },
) {
  const told = EVENTS.filter((event) => event.seq <= seq);
  const touched = new Set(
    told.flatMap((event) =>
      event.kind === kind && event.stage !== "created" ? [event.id] : []
    ),
  );
  return told.flatMap((event) =>
    event.kind === kind && event.stage === "created" && event.bias === bias &&
      !touched.has(event.id) && seq - event.seq <= 500
      ? [event]
      : []
  );
}

Deno.test("FeatureStream: distances to zones are to the nearest that no event has touched", () => {
  for (
    const [kind, name] of [["fvg", "fvg"], ["order_block", "ob"]] as const
  ) {
    compare(`${name}_below`, ({ past, seq }) => {
      const zones = untouchedZones(kind, { bias: 1, seq });
      const top = Math.max(...zones.map((zone) => zone.top));
      return Math.min(0, (top - past.at(-1)!.close) / atrOf(past));
    });
    compare(`${name}_above`, ({ past, seq }) => {
      const zones = untouchedZones(kind, { bias: -1, seq });
      const bottom = Math.min(...zones.map((zone) => zone.bottom));
      return Math.max(0, (bottom - past.at(-1)!.close) / atrOf(past));
    });
  }
});

Deno.test("FeatureStream: leg, retracement and range are those of the detector at the candle", () => {
  for (const seq of [499, 640, 777, 899]) {
    const { detectors: { range } } = detect(CANDLES.slice(0, seq + 1));
    const near = (name: FeatureName, expected: number) =>
      assert.ok(Math.abs(value(name, seq) - expected) <= 1e-6, name);
    near("leg_direction", range.direction);
    near("retracement", range.retracementPct / 100);
    near("deepest_retracement", range.deepestPct / 100);
    near("range_position", range.positionPct / 50 - 1);
  }
});

Deno.test("FeatureStream: liquidity is the nearest that price has not taken, pools and levels apart", () => {
  for (const seq of [499, 640, 777, 899]) {
    const past = CANDLES.slice(0, seq + 1);
    const { detectors } = detect(past);
    const { close } = past.at(-1)!;
    for (const [name, bias] of [["above", 1], ["below", -1]] as const) {
      for (
        const [prefix, source] of [
          ["pool", detectors.liquidity],
          ["level", detectors.levels],
        ] as const
      ) {
        const level = source.nearestBeyond(bias, close);
        const expected = level === null
          ? 5 * bias
          : Math.max(-5, Math.min(5, (level.price - close) / atrOf(past)));
        const found = value(`${prefix}_${name}`, seq);
        assert.ok(Math.abs(found - expected) <= 1e-5, `${prefix}_${name}`);
      }
    }
  }
});
