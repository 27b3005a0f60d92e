import assert from "node:assert/strict";
import { loadCandleFile } from "../../../lib/exchange/candle_file.ts";
import type { CandleSeries } from "../../../lib/exchange/candle_series.ts";
import { joinSeries } from "../../../lib/exchange/joined_series.ts";
import { runBacktest } from "../../../lib/backtest/engine.ts";
import { candlesOf, cutRange } from "../../../lib/backtest/candle_source.ts";
import { runRequest } from "../../../lib/backtest/run_request.ts";
import { pairCandles } from "../../agents/fixtures/pair_candles.ts";
import { backtestRequestSchema } from "../../../lib/contracts/backtest.ts";
import { behavior, pairsConfig, seriesOfPairs } from "./setup.ts";

const config = pairsConfig();
const candles = seriesOfPairs(pairCandles({ seed: 2, count: 3_000 }));

Deno.test("runBacktest() trades pairs alike whatever the batch, and costs are those of both legs", async () => {
  const runs = await Promise.all(
    [1, 7, 1_024].map((batchCandles) =>
      runBacktest({ candles, config, behavior, batchCandles })
    ),
  );
  const [{ tradesHash, trades, feesPaid }] = runs as [typeof runs[0] & object];
  assert.ok(trades > 10, `${trades} trades`);
  assert.ok(Number(feesPaid) > 0);
  for (const run of runs) assert.equal(run.tradesHash, tradesHash);
});

Deno.test("cutRange() cuts both markets", () => {
  const cut = cutRange(candles, { from: 60_000 * 10, to: 60_000 * 19 });
  assert.equal(cut.length, 10);
  assert.equal(cut.hedge!.length, 10);
  assert.equal(cut.hedge!.candle(0).close, candles.hedge!.candle(10).close);
});

Deno.test("runRequest() checks pairs for looking ahead and gives them no random entries of one leg", async () => {
  const { hedge } = candles;
  const report = await runRequest(
    backtestRequestSchema.parse({
      config,
      data: { kind: "file", file: "a.csv", hedgeFile: "b.csv" },
    }),
    {
      loadCandles: (file) =>
        Promise.resolve(
          file === "a.csv" ? joinSeries(candles, hedge!).series : hedge!,
        ),
      workers: null,
      behaviorOf: () => behavior,
    },
  );
  assert.ok(report.summary.trades > 10);
  assert.equal(report.lookAhead?.agrees, true);
  assert.equal(report.baselines.randomEntry, null);
});

Deno.test("candlesOf() wants the file of the second market, and makes a simulated one by itself", async () => {
  const load = () => Promise.resolve(candles);
  const data = { kind: "file", file: "a.csv", from: null, to: null } as const;
  await assert.rejects(candlesOf(data, { config, load }), {
    code: "HEDGE_MISSING",
  });
  const made = await candlesOf(
    { kind: "simulated", candles: 100, seed: 3 },
    { config, load },
  );
  assert.equal(made.hedge?.length, 100);
  assert.equal(made.hedge.openAt(99), made.openAt(99));
  assert.notEqual(made.hedge.candle(5).close, made.candle(5).close);
});

const FOLDER = new URL("../../../../shared/market-data/", import.meta.url);

async function load(file: string): Promise<CandleSeries | null> {
  try {
    return await loadCandleFile(new URL(file, FOLDER).pathname);
  } catch {
    // deno-lint-ignore no-console -- the only way to say that a test was skipped for want of data
    console.log("skipped: market data absent");
    return null;
  }
}

Deno.test("runBacktest() trades pairs of two real markets", async () => {
  const [btc, eth] = await Promise.all([
    load("btcusd-5m-bitfinex-2019.csv.gz"),
    load("ethusd-5m-bitfinex-2019.csv.gz"),
  ]);
  if (btc === null || eth === null) return;
  const { series, leftOut, hedgeLeftOut } = joinSeries(btc, eth);
  assert.deepEqual([series.length, leftOut, hedgeLeftOut], [104_452, 397, 39]);
  const part = cutRange(series, {
    from: Date.UTC(2019, 0, 1),
    to: Date.UTC(2019, 1, 28),
  });
  const run = {
    candles: part,
    config: { ...config, timeframe: "5m" as const },
    behavior,
  };
  const [first, second] = [await runBacktest(run), await runBacktest(run)];
  assert.ok(first.trades > 20, `${first.trades} trades`);
  assert.equal(first.tradesHash, second.tradesHash);
});
