import assert from "node:assert/strict";
import fc from "fast-check";
import { type AgentDecided, LINKS } from "../../../lib/contracts/links.ts";
import type { Trade } from "../../../lib/contracts/order.ts";
import { decimal } from "../../../lib/core/decimal.ts";
import { DeskAccount } from "../../../lib/desk/account/account.ts";
import type { CandleSeries } from "../../../lib/exchange/candle_series.ts";
import { runBacktest } from "../../../lib/backtest/engine.ts";
import { behavior, fixture, prefixOf, simulated, testConfig } from "./setup.ts";

async function runWithTrades(candles: CandleSeries) {
  const trades: Trade[] = [];
  const result = await runBacktest({
    candles,
    config: testConfig(),
    behavior,
    onEvent: (event) => {
      if (event.type === "PositionClosed") trades.push(event.trade);
    },
  });
  return { result, trades };
}

/** The same run by hand, in the messages of the live path, with batches of the given sizes. */
function runByLinks(candles: CandleSeries, batchSizes: readonly number[]) {
  const config = testConfig();
  const desk = DeskAccount.open({
    config: {
      agentId: "other",
      symbol: config.symbol,
      startSeq: 0,
      pacing: "lockstep",
      risk: config.risk,
      safety: config.safety,
      seed: config.seed,
      entriesAllowed: true,
    },
  });
  const agent = behavior.start({
    actorId: "other",
    config: { agentId: "other", config, startSeq: 0, tradeFromSeq: 0 },
    snapshot: null,
  });
  agent.linkOpened(LINKS.desk, null);
  agent.linkOpened(LINKS.feed, null);
  let fromSeq = 0;
  for (let turn = 0; fromSeq < candles.length; turn++) {
    const count = Math.min(
      batchSizes[turn % batchSizes.length]!,
      candles.length - fromSeq,
    );
    const packed = candles.packed(fromSeq, count);
    agent.receive(LINKS.feed, { type: "candles", fromSeq, count, packed });
    for (let seq = fromSeq; seq < fromSeq + count; seq++) {
      // A message between isolates is a copy.
      const stepped = structuredClone(desk.step(candles.candle(seq)));
      const outputs = structuredClone(agent.receive(LINKS.desk, stepped));
      for (const output of outputs) {
        if (output.to === "link") desk.decide(output.message as AgentDecided);
      }
    }
    fromSeq += count;
  }
  return desk.view();
}

Deno.test("runBacktest() gives the same result for the same candles", async () => {
  const candles = await fixture();
  const config = testConfig();
  const [first, second] = [
    await runBacktest({ candles, config, behavior }),
    await runBacktest({ candles, config, behavior }),
  ];
  assert.equal(first.tradesHash, second.tradesHash);
  const timeless = { seconds: 0, candlesPerSecond: 0 };
  assert.deepEqual({ ...first, ...timeless }, { ...second, ...timeless });
  assert(first.trades > 20, `${first.trades} trades are too few for a test`);
});

Deno.test("runBacktest() agrees with the messages of the live path whatever the batches", async () => {
  const candles = await fixture();
  const result = await runBacktest({
    candles,
    config: testConfig(),
    behavior,
  });
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 64 }), { minLength: 1 }),
      (batchSizes) => {
        const view = runByLinks(candles, batchSizes);
        assert.equal(view.tradesHash, result.tradesHash);
        assert.equal(view.trades, result.trades);
        assert.equal(view.maxDrawdownPct, result.maxDrawdownPct);
      },
    ),
    { numRuns: 5 },
  );
});

Deno.test("runBacktest() of truncated candles gives a prefix of the trades: nothing looks ahead", async () => {
  const candles = await fixture();
  const { trades: all } = await runWithTrades(candles);
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: candles.length }),
      async (count) => {
        const expected = all.filter((trade) => trade.exitSeq < count);
        const { trades } = await runWithTrades(prefixOf(candles, count));
        assert.deepEqual(trades, expected);
      },
    ),
    { numRuns: 12 },
  );
});

Deno.test("runBacktest() reports figures that its trades add up to, over many markets", async () => {
  for (let seed = 1; seed <= 6; seed++) {
    const candles = simulated(seed, 2_000);
    // deno-lint-ignore no-await-in-loop -- one run at a time
    const { result, trades } = await runWithTrades(candles);
    assert.equal(result.candles, 2_000);
    assert.equal(result.trades, trades.length, `seed ${seed}`);
    const wins = trades.filter((t) => decimal(t.netPnl).gt(0)).length;
    if (trades.length > 0) {
      assert.equal(result.winRatePct, 100 * wins / trades.length);
    }
    assert(result.maxDrawdownPct >= 0);
    assert(Number(result.feesPaid) >= 0);
    assert(Math.abs(Number(result.netPnl) / 100 - result.returnPct!) < 1e-6);
  }
});

Deno.test("runBacktest() without a trade leaves unknown figures null", async () => {
  const candles = simulated(1, 10);
  const result = await runBacktest({ candles, config: testConfig(), behavior });
  assert.equal(result.trades, 0);
  assert.equal(result.netPnl, "0");
  assert.deepEqual(
    [result.sharpe, result.sortino, result.profitFactor, result.winRatePct],
    [null, null, null, null],
  );
});

Deno.test("runBacktest() stops with the reason of its signal", async () => {
  const controller = new AbortController();
  controller.abort(new Error("The run was cancelled"));
  await assert.rejects(
    runBacktest({
      candles: simulated(1, 100),
      config: testConfig(),
      behavior,
      signal: controller.signal,
    }),
    /The run was cancelled/,
  );
});

Deno.test("runBacktest() says at last that all candles are done", async () => {
  const seen: { candles: number; total: number }[] = [];
  await runBacktest({
    candles: simulated(1, 3_000),
    config: testConfig(),
    behavior,
    onProgress: (progress) => void seen.push(progress),
  });
  assert.deepEqual(seen.at(-1), { candles: 3_000, total: 3_000 });
  for (const { candles, total } of seen) assert(candles <= total);
});
