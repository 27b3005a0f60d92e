import assert from "node:assert/strict";
import type { ExecutionConfig } from "../../../lib/contracts/execution_config.ts";
import { ExecutorRun } from "./executor_run.ts";
import { intentOf, kinds } from "./executor_support.ts";

/** Every entry of it is too far from the market. */
function refusedRun(execution: Partial<ExecutionConfig>): ExecutorRun {
  const run = new ExecutorRun("buy", {
    execution: { order: "limit", offsetPct: 5, waitCandles: 50, ...execution },
    account: { safety: { priceCollarPct: 1 } },
  });
  run.step({ close: 100 });
  return run;
}

Deno.test("Executor tries a refused entry again later and with another id, and gives up in the end", () => {
  const run = refusedRun({ retries: 2, breakerFailures: 0 });
  const low = { stopPrice: 90 };
  const ids = [run.step({ close: 100 }, { s1: [run.signal(low)] })];
  for (let count = 0; count < 12; count++) ids.push(run.step({ close: 100 }));
  const submitted = ids.flatMap((actions, index) =>
    actions.length === 0 ? [] : [[index, intentOf(actions).intentId]]
  );
  assert.deepEqual(submitted, [[0, "1.0"], [2, "1.1"], [5, "1.2"]]);
  assert.equal(
    run.takeEvents().filter((event) => event === "denied PRICE_COLLAR").length,
    3,
  );
});

Deno.test("Executor gives up or trips its breaker where it is told so", () => {
  for (const onPrice of ["give_up", "trip"] as const) {
    const run = refusedRun({ onPrice });
    run.step({ close: 100 }, { s1: [run.signal({ stopPrice: 90 })] });
    run.step({ close: 100 });
    const next = run.step({ close: 100 }, {
      s1: [run.signal({ stopPrice: 90 })],
    });
    assert.deepEqual(kinds(next), onPrice === "trip" ? [] : ["submit"]);
    assert.equal(/breaker is open/.test(run.logs.join()), onPrice === "trip");
  }
});

Deno.test("Executor's breaker opens after failures, tries one entry later, and latches until a person resumes", () => {
  const run = refusedRun({
    retries: 0,
    breakerFailures: 2,
    breakerOpenCandles: 3,
    breakerOpenings: 2,
  });
  const bad = () => run.signal({ stopPrice: 90 });
  const tried: number[] = [];
  for (let count = 0; count < 24; count++) {
    const actions = run.step({ close: 100 }, { s1: [bad()] });
    if (actions.length > 0) tried.push(run.seq);
  }
  // Two failures, three candles of rest, one trial, and then a person is needed.
  assert.deepEqual(tried, [1, 2, 6]);
  assert.match(run.logs.join("\n"), /opens for 3 candles/);
  assert.match(run.logs.join("\n"), /waits for a person/);
  run.agent.pause();
  run.step({ close: 100 });
  run.agent.resume();
  const actions = run.step({ close: 100 }, { s1: [bad()] });
  assert.deepEqual(kinds(actions), ["submit"]);
});
