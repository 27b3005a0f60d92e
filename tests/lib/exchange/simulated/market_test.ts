import assert from "node:assert/strict";
import fc from "fast-check";
import { CANDLE_WIDTH, TIMEFRAMES } from "../../../../lib/contracts/candle.ts";
import { loadCandleFile } from "../../../../lib/exchange/candle_file.ts";
import { BLOCK_CANDLES } from "../../../../lib/exchange/simulated/block.ts";
import { createSimulatedMarket } from "../../../../lib/exchange/simulated/market.ts";
import { REGIMES } from "../../../../lib/exchange/simulated/regimes.ts";
import {
  roundPrice,
  symbolModel,
} from "../../../../lib/exchange/simulated/symbols.ts";

const SYMBOLS = ["BTC/USDT", "ETH/USDT", "XRP/USDT", "ETH/BTC", "QUUX/USDT"];

const market = (seed: number, symbol = "BTC/USDT") =>
  createSimulatedMarket({ seed, symbol, timeframe: "15m", genesisAt: 0 });

const anyMarket = fc.record({
  seed: fc.integer(),
  symbol: fc.constantFrom(...SYMBOLS),
  timeframe: fc.constantFrom(...TIMEFRAMES),
  genesisAt: fc.constantFrom(0, 1_700_000_000_000),
});

function returnsOf(packed: Float64Array): Float64Array {
  const returns = new Float64Array(packed.length / CANDLE_WIDTH - 1);
  for (let index = 0; index < returns.length; index++) {
    const at = index * CANDLE_WIDTH;
    returns[index] = Math.log(packed[at + CANDLE_WIDTH + 4]! / packed[at + 4]!);
  }
  return returns;
}

function autocorrelation(values: Float64Array, lag: number): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let shared = 0;
  let total = 0;
  for (let index = 0; index < values.length; index++) {
    const deviation = values[index]! - mean;
    total += deviation * deviation;
    if (index >= lag) shared += deviation * (values[index - lag]! - mean);
  }
  return shared / total;
}

Deno.test("createSimulatedMarket() gives the same candles for the same seed, others for another", () => {
  const first = market(7).packed(0, 500);
  assert.deepEqual(market(7).packed(0, 500), first);
  assert.notDeepEqual(market(8).packed(0, 500), first);
  assert.notDeepEqual(market(7, "ETH/USDT").packed(0, 500), first);
});

Deno.test("createSimulatedMarket() gives any candle as the sequential run gives it", () => {
  fc.assert(
    fc.property(
      anyMarket,
      fc.integer({ min: 0, max: 20_000 }),
      fc.integer({ min: 1, max: 300 }),
      (options, fromSeq, count) => {
        const sequential = createSimulatedMarket(options);
        const all = sequential.packed(0, fromSeq + count);
        const direct = createSimulatedMarket(options).packed(fromSeq, count);
        assert.deepEqual(direct, all.slice(fromSeq * CANDLE_WIDTH));
        assert.deepEqual(
          createSimulatedMarket(options).candle(fromSeq),
          sequential.candle(fromSeq),
        );
      },
    ),
    { numRuns: 12 },
  );
});

Deno.test("createSimulatedMarket() gives valid, gapless candles whatever the seed", () => {
  fc.assert(
    fc.property(anyMarket, fc.nat({ max: 1_000_000 }), (options, fromSeq) => {
      const simulated = createSimulatedMarket(options);
      let close: number | null = null;
      for (let index = 0; index < 200; index++) {
        const candle = simulated.candle(fromSeq + index);
        const { open, high, low, volume } = candle;
        assert(low > 0 && high < Infinity && volume > 0);
        assert(low <= Math.min(open, candle.close));
        assert(high >= Math.max(open, candle.close));
        assert.equal(
          candle.openAt,
          options.genesisAt + candle.seq * simulated.timeframeMs,
        );
        if (close !== null) assert.equal(open, close);
        close = candle.close;
        for (const price of [open, high, low, close, volume]) {
          assert(String(price).length <= 11, `long text: ${price}`);
        }
      }
    }),
    { numRuns: 50 },
  );
});

Deno.test("createSimulatedMarket() is continuous where two blocks meet", () => {
  for (let seed = 0; seed < 20; seed++) {
    const simulated = market(seed);
    const last = simulated.candle(BLOCK_CANDLES - 1);
    const next = simulated.candle(BLOCK_CANDLES);
    assert.equal(next.open, last.close, `seed ${seed}`);
  }
});

Deno.test("createSimulatedMarket() drifts neither to zero nor to infinity in 200,000 candles", () => {
  for (const timeframe of ["1m", "1d"] as const) {
    for (let seed = 1; seed <= 2; seed++) {
      const symbol = "BTC/USDT";
      const packed = createSimulatedMarket({
        seed,
        symbol,
        timeframe,
        genesisAt: 0,
      }).packed(0, 200_000);
      const { basePrice } = symbolModel(symbol);
      for (let at = 0; at < packed.length; at += CANDLE_WIDTH) {
        const factor = packed[at + 4]! / basePrice;
        assert(
          factor > 1 / 50 && factor < 50,
          `seed ${seed} ${timeframe}: candle ${at / CANDLE_WIDTH} at ${factor}`,
        );
      }
    }
  }
});

Deno.test("createSimulatedMarket() has clustered volatility and no memory of direction to speak of", () => {
  for (let seed = 1; seed <= 8; seed++) {
    const returns = returnsOf(market(seed).packed(0, 30_000));
    const squared = returns.map((value) => value * value);
    for (const lag of [1, 5, 20]) {
      const memory = autocorrelation(squared, lag);
      assert(memory > 0.03, `seed ${seed} lag ${lag}: ${memory}`);
    }
    assert(Math.abs(autocorrelation(returns, 1)) < 0.15, `seed ${seed}`);
  }
});

Deno.test("createSimulatedMarket() visits every regime, each for a while", () => {
  const simulated = market(3);
  const seen = new Map<string, number>();
  let switches = 0;
  const candles = 20_000;
  for (let seq = 0; seq < candles; seq++) {
    const regime = simulated.regime(seq);
    seen.set(regime, (seen.get(regime) ?? 0) + 1);
    if (seq > 0 && regime !== simulated.regime(seq - 1)) switches++;
  }
  for (const regime of REGIMES) {
    assert((seen.get(regime) ?? 0) > candles / 20, `${regime} is rare`);
  }
  assert(candles / switches > 50 && candles / switches < 500);
});

Deno.test("createSimulatedMarket() makes the structures that SMC looks for: gaps and swept swings", () => {
  for (let seed = 1; seed <= 5; seed++) {
    const simulated = market(seed);
    const candles = Array.from(
      { length: 5_000 },
      (_, seq) => simulated.candle(seq),
    );
    let gaps = 0;
    let sweeps = 0;
    for (let index = 40; index < candles.length; index++) {
      const candle = candles[index]!;
      if (candle.low > candles[index - 2]!.high) gaps++;
      const before = candles.slice(index - 40, index - 3);
      const lowest = Math.min(...before.map((c) => c.low));
      if (candle.low < lowest && candle.close > lowest) sweeps++;
    }
    assert(gaps > 200, `seed ${seed}: ${gaps} gaps`);
    assert(sweeps > 25, `seed ${seed}: ${sweeps} sweeps`);
  }
});

Deno.test("symbolModel() knows common markets and gives any other one stable values", () => {
  assert.equal(symbolModel("BTC/USDT").basePrice, 60_000);
  assert.equal(symbolModel("ETH/USDT").basePrice, 3_000);
  assert.equal(symbolModel("ETH/BTC").basePrice, 0.05);
  assert.deepEqual(symbolModel("QUUX/USDT"), symbolModel("QUUX/USDT"));
  assert.notEqual(
    symbolModel("QUUX/USDT").basePrice,
    symbolModel("QUUZ/USDT").basePrice,
  );
});

Deno.test("roundPrice() rounds to the tick in a short text and never to zero", () => {
  assert.equal(roundPrice(0.1 + 0.2, 2), 0.3);
  assert.equal(roundPrice(123_456, -2), 123_500);
  assert.equal(roundPrice(0.000_000_1, 4), 0.000_1);
});

Deno.test("createSimulatedMarket() still makes the shared fixture, number by number", async () => {
  const path = new URL(
    "../../../fixtures/simulated-btcusdt-15m.csv",
    import.meta.url,
  ).pathname;
  const series = await loadCandleFile(path);
  const simulated = createSimulatedMarket({
    seed: 42,
    symbol: "BTC/USDT",
    timeframe: "15m",
    genesisAt: series.openAt(0),
  });
  assert.deepEqual(
    series.packed(0, series.length),
    simulated.packed(0, series.length),
  );
});
