import assert from "node:assert/strict";
import fc from "fast-check";
import { LatencyHistogram } from "../../../lib/core/histogram.ts";

const LATENCIES = fc.array(fc.double({ min: 0, max: 20_000, noNaN: true }));

function histogramOf(values: readonly number[]): LatencyHistogram {
  const histogram = new LatencyHistogram();
  for (const value of values) histogram.record(value);
  return histogram;
}

Deno.test("LatencyHistogram add() comes to the same as if one had recorded all", () => {
  fc.assert(
    fc.property(LATENCIES, LATENCIES, (some, others) => {
      const sum = histogramOf(some);
      sum.add(histogramOf(others));
      assert.deepEqual(
        sum.figures(),
        histogramOf([...some, ...others]).figures(),
      );
    }),
  );
});
