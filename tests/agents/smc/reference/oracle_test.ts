import assert from "node:assert/strict";
import fc from "fast-check";
import { FirstCrossing } from "../../../../agents/smc/reference/first_crossing.ts";
import {
  computeReference,
  REFERENCE_INDICATORS,
  type ReferenceIndicator,
  type ReferenceOptions,
} from "../../../../agents/smc/reference/mod.ts";
import { createCalendar } from "../../../../agents/smc/reference/period.ts";
import {
  assertSameCells,
  type Cells,
  frames,
  loadRows,
  OPTIONS,
  type Row,
  toColumns,
} from "./frames.ts";
import {
  oracleGaps,
  oracleStructure,
  oracleSwingCells,
  oracleSwings,
} from "./oracle_structure.ts";
import {
  oracleLabel,
  oraclePrevious,
  oracleRetracements,
  oracleSessions,
} from "./oracle_time.ts";
import { oracleBlocks, oracleLiquidity } from "./oracle_zones.ts";

const ORACLES: Record<
  ReferenceIndicator,
  (rows: readonly Row[], options: ReferenceOptions) => Cells
> = {
  swing_highs_lows: (rows, { swingLength }) =>
    oracleSwingCells(rows, swingLength),
  fvg: (rows, { joinConsecutive }) => oracleGaps(rows, joinConsecutive),
  bos_choch: (rows, { swingLength, closeBreak }) =>
    oracleStructure(rows, oracleSwings(rows, swingLength), closeBreak),
  ob: (rows, { swingLength, closeMitigation }) =>
    oracleBlocks(rows, oracleSwings(rows, swingLength), closeMitigation),
  liquidity: (rows, { swingLength, rangePercent }) =>
    oracleLiquidity(rows, oracleSwings(rows, swingLength), rangePercent),
  previous_high_low: (rows, { period }) => oraclePrevious(rows, period),
  sessions: (rows, { window, shiftMinutes }) =>
    oracleSessions(rows, window, shiftMinutes),
  retracements: (rows, { swingLength }) =>
    oracleRetracements(rows, oracleSwings(rows, swingLength)),
};

const minuteOfDay = fc.oneof(
  fc.constantFrom(0, 420, 960),
  fc.integer({ min: 0, max: 1_439 }),
);
const period = fc.record({
  unit: fc.constantFrom("minute", "hour", "day", "week", "month"),
  count: fc.integer({ min: 1, max: 40 }),
});
const settings: fc.Arbitrary<ReferenceOptions> = fc.record({
  swingLength: fc.integer({ min: 1, max: 7 }),
  joinConsecutive: fc.boolean(),
  closeBreak: fc.boolean(),
  closeMitigation: fc.boolean(),
  rangePercent: fc.constantFrom(0, 0.01, 0.1, 0.25, 1),
  period,
  window: fc.record({ fromMinute: minuteOfDay, toMinute: minuteOfDay }),
  shiftMinutes: fc.integer({ min: -14, max: 12 }).map((hours) => hours * 60),
});

for (const indicator of REFERENCE_INDICATORS) {
  Deno.test(`${indicator} equals its definition on frames full of ties`, () => {
    fc.assert(
      fc.property(frames, settings, (rows, options) => {
        assertSameCells(
          computeReference(indicator, toColumns(rows), options),
          ORACLES[indicator](rows, options),
          indicator,
        );
      }),
      { numRuns: 250 },
    );
  });
}

Deno.test("reference indicators equal their definitions on real candles", async () => {
  const rows = await loadRows("btcusd-5m-bitfinex-2019.csv.gz", {
    from: 20_000,
    to: 22_500,
  });
  if (rows === null) return;
  for (const indicator of REFERENCE_INDICATORS) {
    for (const [swingLength, isOn] of [[5, false], [20, true]] as const) {
      const options = {
        ...OPTIONS,
        swingLength,
        joinConsecutive: isOn,
        closeBreak: isOn,
        closeMitigation: isOn,
        rangePercent: isOn ? 0.05 : 0.01,
      };
      assertSameCells(
        computeReference(indicator, toColumns(rows), options),
        ORACLES[indicator](rows, options),
        indicator,
      );
    }
  }
});

Deno.test("FirstCrossing finds what a look at every row finds, on any depth of its tree", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 2_200 }),
      fc.integer({ min: 1, max: 1_000_000 }),
      fc.nat(2_300),
      (length, seed, from) => {
        // Mostly low values, so that a query has to pass over many groups.
        const values = Float64Array.from(
          { length },
          (_, row) => (row + 1) * seed % 997 === 0 ? 9 : row * seed % 4,
        );
        for (const [side, sign] of [["above", 1], ["below", -1]] as const) {
          const signed = values.map((value) => sign * value);
          const tree = new FirstCrossing(signed, side);
          for (const level of [-1, 2, 3, 8, 9]) {
            const find = (test: (value: number) => boolean) =>
              values.findIndex((value, row) => row >= from && test(value));
            assert.equal(
              tree.beyond(from, sign * level),
              find((value) => value > level),
            );
            assert.equal(
              tree.reaching(from, sign * level),
              find((value) => value >= level),
            );
          }
        }
      },
    ),
    { numRuns: 100 },
  );
});

Deno.test("createCalendar() labels periods as a walk over the calendar does", () => {
  const DAY_MS = 86_400_000;
  const time = fc.integer({ min: -20_000, max: 40_000 });
  fc.assert(
    fc.property(
      period,
      time,
      fc.nat(3_000),
      fc.nat(DAY_MS - 1),
      (chosen, firstDay, days, ofDay) => {
        const firstAt = firstDay * DAY_MS + ofDay;
        const at = firstAt + days * DAY_MS;
        const { label, endAt } = createCalendar(chosen, firstAt)(at);
        assert.equal(label, oracleLabel(at, chosen, firstAt));
        assert(at < endAt);
        assert.notEqual(oracleLabel(endAt, chosen, firstAt), label);
        assert.equal(oracleLabel(endAt - 1, chosen, firstAt), label);
      },
    ),
    { numRuns: 500 },
  );
});
