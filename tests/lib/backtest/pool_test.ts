import assert from "node:assert/strict";
import { createWorkerHost, NO_PERMISSIONS } from "../../../actors/mod.ts";
import { runWhole } from "../../../lib/backtest/engine.ts";
import { createPool } from "../../../lib/backtest/workers/pool.ts";
import {
  seriesOfShared,
  shareCandles,
} from "../../../lib/backtest/workers/shared_candles.ts";
import { AppError } from "../../../lib/core/errors.ts";
import { realWorkers, withRunner } from "./runners.ts";
import { behavior, simulated, testConfig } from "./setup.ts";

const config = testConfig();
const candles = simulated(7, 9_000);
const job = {
  config,
  fromSeq: 0,
  toSeq: candles.length,
  keeps: "whole",
} as const;

Deno.test("shareCandles() and seriesOfShared() keep every candle", () => {
  const series = seriesOfShared(shareCandles(candles));
  assert.equal(series.length, candles.length);
  assert.deepEqual(series.gapReport, candles.gapReport);
  assert.deepEqual(
    series.packed(0, series.length),
    candles.packed(0, candles.length),
  );
});

Deno.test("pool runs a job in a real worker as this isolate does, trade by trade", async () => {
  const inline = await runWhole({ candles, config, behavior });
  const { run, plans } = await withRunner(
    { candles, workers: 1 },
    (runner) => runner.run(job),
  );
  assert(inline.summary.trades > 20, `${inline.summary.trades} trades`);
  assert.equal(run!.summary.tradesHash, inline.summary.tradesHash);
  assert.deepEqual(run!.trades, inline.trades);
  assert.deepEqual(run!.equity, inline.equity);
  assert.deepEqual(run!.days, inline.days);
  assert.equal(plans.length >= inline.trades.length, true);
});

Deno.test("pool ends its workers at once when it is aborted, and rejects with the reason", async () => {
  const cancel = new AbortController();
  const long = simulated(8, 30_000);
  let started = false;
  const { promise: underWay, resolve } = Promise.withResolvers<void>();
  const runner = createPool({
    candles: shareCandles(long),
    workers: realWorkers(2),
    signal: cancel.signal,
    onProgress: () => {
      started = true;
      resolve();
    },
  });
  const runs = Array.from(
    { length: 6 },
    () => runner.run({ ...job, toSeq: long.length }),
  );
  const outcomes = Promise.allSettled(runs);
  await underWay;
  cancel.abort(new Error("Nobody waits for it any more"));
  const refused = (await outcomes).filter((one) => one.status === "rejected");
  assert(started && refused.length >= 4, `${refused.length} refused`);
  for (const { reason } of refused) {
    assert.match(String(reason), /Nobody waits for it any more/);
  }
  await assert.rejects(runner.run(job), /Nobody waits for it any more/);
});

Deno.test("pool says in one sentence that a worker could not live", async () => {
  const runner = createPool({
    candles: shareCandles(candles),
    workers: {
      count: 1,
      createHost: () =>
        createWorkerHost({
          entry: new URL("data:text/javascript,throw new Error('broken')"),
          name: "broken",
          permissions: NO_PERMISSIONS,
        }),
    },
  });
  await assert.rejects(runner.run(job), (error: AppError) => {
    assert.equal(error.code, "BACKTEST_WORKER_FAILED");
    assert.match(
      error.message,
      /^A worker of the backtest ended \(.*\); start/,
    );
    return true;
  });
  runner.close();
});

Deno.test("pool hands on what a job was refused for, and goes on with the next", async () => {
  await withRunner({ candles, workers: 1 }, async (runner) => {
    const refused = { ...config, type: "risk_manager" } as const;
    await assert.rejects(
      runner.run({ ...job, config: refused }),
      /An agent of type risk_manager cannot be tested by itself/,
    );
    const { summary } = await runner.run({ ...job, keeps: "summary" });
    assert.equal(summary.candles, candles.length);
  });
});
