import assert from "node:assert/strict";
import * as fc from "fast-check";
import {
  equityFigures,
  type EquityTrack,
  followEquity,
  startEquityTrack,
} from "../../../../agents/risk/portfolio/equity_track.ts";
import { maxDrawdown } from "../../../../lib/core/statistics/drawdown.ts";
import { assertNear } from "../../../support/assert_near.ts";

const PROPERTY = { seed: 20_275, numRuns: 100 };
const HOUR_MS = 3_600_000;
const MIDNIGHT = Date.UTC(2024, 5, 1);

function follow(
  track: EquityTrack,
  entries: readonly (readonly [at: number, equity: string | null])[],
): EquityTrack {
  return entries.reduce(
    (before, [at, equity]) => followEquity(before, { at, equity }),
    track,
  );
}

Deno.test("followEquity() counts the loss of the day from the equity at 00:00 UTC", () => {
  let track = follow(startEquityTrack("1000"), [
    [MIDNIGHT - 2 * HOUR_MS, "1010"],
    [MIDNIGHT - 1, "1020"],
    [MIDNIGHT, "990"],
  ]);
  let figures = equityFigures(track);
  assert.equal(figures.dayStart, "1020");
  assert.equal(figures.dailyLoss, "30");
  assertNear(figures.dailyLossPct, 100 * 30 / 1020, 1e-12);
  track = follow(track, [[MIDNIGHT + 20 * HOUR_MS, "1030"]]);
  figures = equityFigures(track);
  assert.equal(figures.dailyLoss, "-10");
  track = follow(track, [[MIDNIGHT + 24 * HOUR_MS, "1031"]]);
  assert.equal(equityFigures(track).dayStart, "1030");
});

Deno.test("followEquity() has the starting equity as first peak and first day", () => {
  const track = follow(startEquityTrack("1000"), [[MIDNIGHT, "900"]]);
  const figures = equityFigures(track);
  assert.equal(figures.peak, "1000");
  assert.equal(figures.drawdownPct, 10);
  assert.equal(figures.dailyLoss, "100");
});

Deno.test("followEquity() with unknown equity has no figures, and keeps what it knew", () => {
  const track = follow(startEquityTrack("1000"), [
    [MIDNIGHT - 1, "1100"],
    [MIDNIGHT + HOUR_MS, null],
  ]);
  const figures = equityFigures(track);
  assert.equal(figures.drawdownPct, null);
  assert.equal(figures.dailyLoss, null);
  assert.equal(figures.dailyLossPct, null);
  assert.equal(figures.dayStart, "1100");
  const later = follow(track, [[MIDNIGHT + 2 * HOUR_MS, "1045"]]);
  assert.equal(equityFigures(later).dailyLoss, "55");
  assert.equal(equityFigures(later).drawdownPct, 5);
});

Deno.test("equityFigures() has no part of an equity that was never positive", () => {
  const track = follow(startEquityTrack("0"), [[MIDNIGHT, "-5"]]);
  const figures = equityFigures(track);
  assert.equal(figures.drawdownPct, null);
  assert.equal(figures.dailyLoss, "5");
  assert.equal(figures.dailyLossPct, null);
});

Deno.test("followEquity() begins no day anew when the clock is set back", () => {
  const track = follow(startEquityTrack("1000"), [
    [MIDNIGHT, "1000"],
    [MIDNIGHT + HOUR_MS, "900"],
    [MIDNIGHT - HOUR_MS, "890"],
    [MIDNIGHT + HOUR_MS, "880"],
  ]);
  assert.equal(equityFigures(track).dailyLoss, "120");
});

Deno.test("followEquity() finds the deepest drawdown of the series", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 100_000 }), {
        minLength: 1,
        maxLength: 60,
        size: "max",
      }),
      (equities) => {
        const track = follow(
          startEquityTrack("500"),
          equities.map((equity, index) => [
            MIDNIGHT + index * HOUR_MS,
            String(equity),
          ]),
        );
        const expected = 100 * maxDrawdown(equities, 500);
        assertNear(track.maxDrawdownPct, expected, 1e-6);
        assert.deepEqual(structuredClone(track), track);
      },
    ),
    PROPERTY,
  );
});
