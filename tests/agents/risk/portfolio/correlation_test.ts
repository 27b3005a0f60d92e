import assert from "node:assert/strict";
import {
  correlationFigures,
  correlationOf,
} from "../../../../agents/risk/portfolio/correlation.ts";
import { diversificationOf } from "../../../../agents/risk/portfolio/diversification.ts";
import { HIGHEST_PAIRS } from "../../../../agents/risk/portfolio/limits.ts";
import { ReturnHistory } from "../../../../agents/risk/portfolio/return_history.ts";
import { createRng } from "../../../../lib/core/rng.ts";
import { assertNear } from "../../../support/assert_near.ts";
import { filledHistory, symbolOf } from "./portfolio_cases.ts";

const SYMBOLS = Array.from({ length: 6 }, (_, index) => symbolOf(index));

Deno.test("correlationOf() is ±1 for lines, and null without deviation or common rows", () => {
  const line = Array.from({ length: 30 }, (_, index) => index);
  assertNear(correlationOf(line, line.map((x) => 3 - 2 * x)), -1, 1e-12);
  assertNear(correlationOf(line, line), 1, 1e-12);
  assert.equal(correlationOf(line, Array(30).fill(4)), null);
  const halves = line.map((x) => x % 2 === 0 ? x : NaN);
  assert.equal(correlationOf(line, halves), null);
});

Deno.test("correlationFigures() weighs pairs by size and side", () => {
  const history = new ReturnHistory({ markets: 6, rows: 40 });
  for (const symbol of SYMBOLS) history.follow(symbol);
  const rng = createRng(5);
  for (let row = 0; row < 40; row++) {
    const value = rng.next() - 0.5;
    const other = rng.next() - 0.5;
    const values = [value, value, -value, other, 0, null];
    history.push(new Map(SYMBOLS.map((symbol, at) => [symbol, values[at]!])));
  }
  const held = (index: number, weight: number) => ({
    symbol: SYMBOLS[index]!,
    place: history.placeOf(SYMBOLS[index]!),
    weight,
  });
  const together = correlationFigures(history, [held(0, 1), held(1, 2)]);
  assertNear(together.weightedAverage, 1, 1e-12);
  const hedged = correlationFigures(history, [held(0, 1), held(1, -2)]);
  assertNear(hedged.average, 1, 1e-12);
  assertNear(hedged.weightedAverage, -1, 1e-12);
  const three = correlationFigures(history, [
    held(0, 1),
    held(1, 1),
    held(2, 1),
  ]);
  assertNear(three.average, -1 / 3, 1e-12);
  assert.equal(
    three.highest[0]!.correlation,
    Math.max(...three.highest.map(({ correlation }) => correlation)),
  );
  const unknown = correlationFigures(history, [
    held(0, 1),
    held(4, 1),
    held(5, 1),
  ]);
  assert.equal(unknown.pairs, 3);
  assert.equal(unknown.unknownPairs, 3);
  assert.equal(unknown.average, null);
  assert.equal(unknown.weightedAverage, null);
  const alone = correlationFigures(history, [held(0, 1)]);
  assert.deepEqual(alone, {
    pairs: 0,
    unknownPairs: 0,
    average: null,
    weightedAverage: null,
    highest: [],
  });
});

Deno.test("correlationFigures() lists the highest pairs in order", () => {
  const history = filledHistory({ markets: 12, rows: 60, seed: 9 });
  const held = Array.from({ length: 12 }, (_, index) => ({
    symbol: symbolOf(index),
    place: index,
    weight: 1,
  }));
  const all = held.flatMap((first, a) =>
    held.slice(0, a).map((second) =>
      history.correlation(first.place, second.place)
    )
  ).sort((a, b) => b - a);
  const found = correlationFigures(history, held);
  assert.deepEqual(
    found.highest.map(({ correlation }) => correlation),
    all.slice(0, HIGHEST_PAIRS),
  );
});

Deno.test("diversificationOf() is 1 for one market and √2 for two equal independent ones", () => {
  const part = (weight: number) => ({ weight, deviation: 0.02 });
  const one = diversificationOf({ deviation: 0.02, parts: [part(-1)] });
  assertNear(one.ratio, 1, 1e-12);
  assertNear(one.savedPct, 0, 1e-12);
  const two = diversificationOf({
    deviation: 0.02 * Math.SQRT1_2,
    parts: [part(0.5), part(0.5)],
  });
  assertNear(two.ratio, Math.SQRT2, 1e-12);
  assertNear(two.undiversifiedPct, 2, 1e-12);
  assertNear(two.savedPct, 100 * (1 - Math.SQRT1_2), 1e-10);
  const unknown = diversificationOf({
    deviation: 0.02,
    parts: [part(1), { weight: 1, deviation: null }],
  });
  assert.equal(unknown.undiversifiedPct, null);
  assert.equal(unknown.ratio, null);
});
