import assert from "node:assert/strict";
import type { DeskAction, DeskEvent } from "../../../lib/contracts/order.ts";
import {
  type SizingConfig,
  sizingConfigSchema,
  strategiesConfigSchema,
} from "../../../lib/contracts/strategies.ts";
import { packCandles } from "../../../agents/market/candle_batch.ts";
import { DetectorSet } from "../../../agents/smc/detector_set.ts";
import { Trader, type TradingGate } from "../../../agents/strategies/trader.ts";
import { upgradeEntryBook } from "../../../agents/strategies/trader_state.ts";
import { candlesOf, type Ohlc } from "../fixtures/candles.ts";
import { DETECTOR } from "../fixtures/run_detectors.ts";
import { accepted } from "./entry_bench.ts";
import { calm, tellSweep } from "./strategy_bench.ts";

/** Up to the break at candle 23, which makes an order block from 98 to 99.2. */
const BREAK: Ohlc[] = [
  ...Array.from({ length: 14 }, (_, i): Ohlc => {
    const base = 100 + i * 0.01;
    return [base, base + 0.5, base - 0.5, base];
  }),
  [100, 101, 99.8, 101],
  [101, 102, 100.8, 102],
  [102, 103, 101.8, 102.5],
  [102.5, 102.6, 101, 101],
  [101, 101.2, 99, 99],
  [99, 99.2, 98, 98.5],
  [98.5, 100, 98.4, 100],
  [100, 101.5, 99.8, 101.5],
  [101.5, 102.5, 101, 102.4],
  [102.4, 104, 102, 103.8],
];

/** A long lower wick through 103, above the block. */
const SWEEP: Ohlc = [103.8, 104, 102.4, 103.8];

class Bench {
  readonly trader = new Trader();
  readonly detectors = new DetectorSet({ ...DETECTOR, swingLength: 3 });
  gate: TradingGate;

  constructor(config: object, sizing: Partial<SizingConfig> = {}) {
    this.gate = {
      strategies: strategiesConfigSchema.parse({
        fvg: { enabled: false },
        ...config,
      }),
      sizing: sizingConfigSchema.parse(sizing),
      riskPct: 0.5,
      closedBecause: null,
      hasPosition: false,
    };
  }

  get seq(): number {
    return this.detectors.series.lastSeq;
  }

  next(row: Ohlc, { isSwept = false } = {}): readonly DeskAction[] {
    this.detectors.step(packCandles(candlesOf([row], this.seq + 1)), 0);
    if (isSwept) {
      tellSweep(this.detectors, {
        bias: -1,
        price: 103,
        refSeq: this.seq - 10,
      });
    }
    return this.trader.decide(this.detectors, this.gate);
  }

  run(rows: readonly Ohlc[]): readonly DeskAction[] {
    let actions: readonly DeskAction[] = [];
    for (const row of rows) actions = this.next(row);
    return actions;
  }

  /** The desk fills an entry at the open of the newest candle. */
  fill(intentId: string, price = "103.8"): void {
    this.trader.apply({
      type: "OrderFilled",
      seq: this.seq + 1,
      fill: { intentId, role: "entry", seq: this.seq + 1, price },
    } as DeskEvent);
    this.gate = {
      ...this.gate,
      hasPosition: true,
      closedBecause: "A position is open",
    };
  }

  close(): void {
    this.trader.apply({
      type: "PositionClosed",
      seq: this.seq + 1,
      trade: { resultR: "1" },
    } as DeskEvent);
    this.gate = { ...this.gate, hasPosition: false, closedBecause: null };
  }
}

const kinds = (actions: readonly DeskAction[]) =>
  actions.map((action) =>
    action.kind === "submit"
      ? `submit ${action.intent.strategy} ${action.intent.entry.type}`
      : `${action.kind} ${"reason" in action ? action.reason : ""}`
  );

Deno.test("Trader withdraws an entry at a zone for one at the market, and submits it again after the trade", () => {
  const bench = new Bench({ liquiditySweep: { enabled: true } });
  assert.deepEqual(kinds(bench.run(BREAK)), ["submit orderBlock limit"]);
  const actions = bench.next(SWEEP, { isSwept: true });
  assert.deepEqual(kinds(actions), [
    "cancel An entry at the market takes its place",
    "submit liquiditySweep market",
  ]);
  const submit = actions[1]!;
  assert.ok(submit.kind === "submit");
  assert.equal(submit.intent.intentId, "24.0");
  assert.equal(submit.intent.expireAfterSeq, null);
  bench.fill("24.0");
  assert.deepEqual(kinds(bench.next([103.8, 104, 103.5, 103.9])), []);
  bench.close();
  assert.deepEqual(kinds(bench.next([103.9, 104, 103.5, 103.9])), [
    "submit orderBlock limit",
  ]);
});

Deno.test("Trader does not make up for an entry at the market that could not be made on its candle", () => {
  const bench = new Bench({
    liquiditySweep: { enabled: true },
    orderBlock: { enabled: false },
  });
  bench.run(BREAK);
  bench.gate = { ...bench.gate, closedBecause: "The agent is paused" };
  assert.deepEqual(bench.next(SWEEP, { isSwept: true }), []);
  assert.equal(bench.trader.proposed.length, 1);
  bench.gate = { ...bench.gate, closedBecause: null };
  assert.deepEqual(bench.next([103.8, 104, 103.5, 103.9]), []);
});

Deno.test("Trader waits for the desk's answer to an entry at the market, and withdraws it when entries are closed", () => {
  const bench = new Bench({ liquiditySweep: { enabled: true } });
  bench.run(BREAK);
  bench.next(SWEEP, { isSwept: true });
  const row: Ohlc = [103.8, 104, 103.5, 103.9];
  // Late, as an order may be: neither a second entry nor a withdrawal.
  assert.deepEqual(bench.next(row), []);
  // A newer setup of the same strategy takes its place no more than another strategy's.
  assert.deepEqual(bench.next(SWEEP, { isSwept: true }), []);
  bench.gate = { ...bench.gate, closedBecause: "The agent is paused" };
  assert.deepEqual(kinds(bench.next(row)), ["cancel The agent is paused"]);
  bench.gate = { ...bench.gate, closedBecause: null };
  assert.deepEqual(kinds(bench.next(row)), ["submit orderBlock limit"]);
});

Deno.test("Trader closes the position of a strategy by its rule, also while paused and after it was turned off", () => {
  const bench = new Bench({
    liquiditySweep: { enabled: true, maxHoldCandles: 3 },
  });
  bench.run(BREAK);
  bench.next(SWEEP, { isSwept: true });
  bench.fill("24.0");
  const row: Ohlc = [103.8, 104, 103.5, 103.9];
  const off = strategiesConfigSchema.parse({
    liquiditySweep: { enabled: false, maxHoldCandles: 3 },
    fvg: { enabled: false },
    orderBlock: { enabled: false },
  });
  assert.deepEqual(kinds(bench.next(row)), []);
  bench.gate = {
    ...bench.gate,
    strategies: off,
    closedBecause: "The agent is paused",
  };
  assert.deepEqual(kinds(bench.next(row)), []);
  assert.deepEqual(kinds(bench.next(row)), ["close Held for 3 candles"]);
  // Said again while the desk has not done it.
  assert.deepEqual(kinds(bench.next(row)), ["close Held for 3 candles"]);
  bench.close();
  assert.deepEqual(kinds(bench.next(row)), []);
});

Deno.test("Trader gives a setup up for its costs, once, and says so", () => {
  const bench = new Bench({}, { maxCostPct: 5 });
  assert.deepEqual(kinds(bench.run(BREAK)), []);
  assert.equal(bench.trader.skipped.length, 1);
  assert.match(
    bench.trader.skipped[0]!.reason,
    /^Costs would be \d+ % of the risk/,
  );
  assert.deepEqual(bench.next([103.8, 104, 103, 103.8]), []);
  assert.equal(bench.trader.skipped.length, 0);
});

Deno.test("Trader adds the reason of a size to the intent's reasons", () => {
  const bench = new Bench({}, { method: "kelly" });
  const [action] = bench.run(BREAK);
  assert.ok(action?.kind === "submit");
  assert.match(
    action.intent.reasons.at(-1)!,
    /0 trades are closed, 20 are needed/,
  );
});

Deno.test("Trader begins the indicators of a strategy that is turned on from the kept candles", () => {
  const off = new Bench({});
  const on = new Bench({
    meanReversion: { enabled: true },
    breakout: { enabled: true },
  });
  off.run(calm(300));
  on.run(calm(300));
  off.gate = { ...off.gate, strategies: on.gate.strategies };
  off.next(calm(1)[0]!);
  on.next(calm(1)[0]!);
  assert.deepEqual(off.trader.snapshot(), on.trader.snapshot());
});

/** What an earlier build stored, with an entry that rests. */
function firstSnapshot() {
  const bench = new Bench({});
  bench.run(BREAK);
  bench.trader.apply(accepted("23.0"));
  const { entries } = bench.trader.snapshot();
  const { setup, intentId } = entries.armed.orderBlock!;
  const { entry: _, bias: __, ...first } = setup;
  return { bench, old: { orderBlock: { setup: first, intentId }, fvg: null } };
}

Deno.test("upgradeEntryBook() reads the entry book of the first builds", () => {
  const { bench, old } = firstSnapshot();
  const upgraded = upgradeEntryBook(structuredClone(old) as never);
  assert.deepEqual(upgraded.entries, bench.trader.snapshot().entries);
  assert.deepEqual([upgraded.position, upgraded.results], [null, []]);
  assert.equal(upgradeEntryBook(upgraded), upgraded, "the present shape stays");
  const empty = upgradeEntryBook({ orderBlock: null, fvg: null });
  assert.deepEqual(empty.entries, { armed: {}, submitted: null });
});

Deno.test("Trader goes on with the entry book of the first builds", () => {
  const { bench, old } = firstSnapshot();
  const again = new Trader();
  again.restore(structuredClone(old) as never);
  bench.detectors.step(packCandles(candlesOf([[103.8, 104, 97, 97.5]], 24)), 0);
  const actions = again.decide(bench.detectors, bench.gate);
  assert.deepEqual(actions, bench.trader.decide(bench.detectors, bench.gate));
  assert.equal(actions[0]?.kind, "cancel");
});
