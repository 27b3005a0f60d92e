import assert from "node:assert/strict";
import type { Objective } from "../../../lib/contracts/backtest.ts";
import {
  compareSets,
  type Ranked,
} from "../../../lib/backtest/studies/score.ts";
import { sampleReport } from "./sample_report.ts";

/** A set that is told by its net result. */
function setOf(
  score: number | null,
  netPnl: string | null,
  more: Partial<Ranked["summary"]> = {},
): Ranked {
  const { summary } = sampleReport();
  return {
    score,
    summary: { ...summary, trades: 4, sharpe: 2, netPnl, ...more },
  };
}

const ranked = (objective: Objective, sets: readonly Ranked[]) =>
  sets.toSorted(compareSets(objective)).map(({ summary }) => summary.netPnl);

for (const objective of ["profitFactor", "sortino", "calmar"] as const) {
  Deno.test(`compareSets() by ${objective} puts a set that never lost first, by net result, and one without trades last`, () => {
    const sets = [
      setOf(null, "0", { trades: 0, sharpe: null }),
      setOf(0.4, "-90"),
      setOf(null, "9.5"),
      setOf(3, "80"),
      setOf(null, "120"),
      setOf(null, null),
    ];
    assert.deepEqual(ranked(objective, sets), [
      "120",
      "9.5",
      "80",
      "-90",
      "0",
      null,
    ]);
  });
}

Deno.test("compareSets() puts figures last that are unknown for another reason", () => {
  const lasting = [setOf(null, "120"), setOf(1, "-5")];
  assert.deepEqual(ranked("sharpe", lasting), ["-5", "120"]);
  assert.deepEqual(ranked("expectancyR", lasting), ["-5", "120"]);
  const short = [setOf(null, "120", { sharpe: null }), setOf(1, "-5")];
  assert.deepEqual(ranked("sortino", short), ["-5", "120"]);
  // Only an open position earned.
  const open = [setOf(null, "120", { trades: 0 }), setOf(1, "-5")];
  assert.deepEqual(ranked("profitFactor", open), ["-5", "120"]);
  // Nothing but trades of a result of 0.
  const even = [setOf(null, "0"), setOf(0.1, "-5")];
  assert.deepEqual(ranked("profitFactor", even), ["-5", "0"]);
});
