import assert from "node:assert/strict";
import { ANSWER_CANDLES_MAX } from "../../../agents/desk_answer.ts";
import {
  type EnsembleGate,
  EnsembleTrader,
} from "../../../agents/ensemble/ensemble_trader.ts";
import type { EntryPlan } from "../../../agents/ensemble/entry_plan.ts";
import type { Verdict } from "../../../agents/ensemble/verdict.ts";
import { packCandles } from "../../../agents/market/candle_batch.ts";
import { CandleSeries } from "../../../agents/market/candle_series.ts";
import type { DeskAction, DeskEvent } from "../../../lib/contracts/order.ts";
import { candlesOf } from "../fixtures/candles.ts";
import { engineConfig } from "../fixtures/engine_run.ts";

const UP: Verdict = {
  bias: 1,
  mean: { down: 0, flat: 0, up: 1 },
  confidence: 1,
  disagreement: 0,
  expectedMovePct: 1,
  votes: [],
  abstention: null,
};

const PLAN: EntryPlan = {
  bias: 1,
  entry: { type: "market" },
  entryPrice: 100,
  stopPrice: 98,
  targetPrice: 104,
  expireAfterSeq: null,
  strategy: "ensemble",
  reasons: ["A test"],
};

/** A trader whose models always want to buy, with a desk that says what a test wants. */
class TraderRun {
  trader = new EnsembleTrader();
  hasPosition = false;
  readonly #series = new CandleSeries();
  readonly #gate: Omit<EnsembleGate, "hasPosition">;

  constructor() {
    const { decision, sizing, costs } = engineConfig();
    this.#gate = {
      decision: { ...decision, maxHoldCandles: 2 },
      sizing,
      costs,
      riskPct: 1,
      closedBecause: null,
    };
  }

  candle(...events: DeskEvent[]): readonly DeskAction[] {
    const seq = this.#series.lastSeq + 1;
    const [candle] = candlesOf([[100, 101, 99, 100]], seq);
    this.#series.append(packCandles([candle!]), 0);
    for (const event of events) this.trader.apply(event);
    return this.trader.decide(UP, {
      series: this.#series,
      gate: { ...this.#gate, hasPosition: this.hasPosition },
      plan: PLAN,
      isHeard: false,
      exits: [],
    }).actions;
  }

  /** The desk says nothing of the first entry; answers what is decided once it had the time to. */
  lose(): readonly DeskAction[] {
    assert.deepEqual(kindsOf(this.candle()), ["submit"]);
    for (let count = 0; count < ANSWER_CANDLES_MAX; count++) {
      assert.deepEqual(this.candle(), []);
    }
    return this.candle();
  }

  restart(): void {
    const snapshot = structuredClone(this.trader.snapshot());
    this.trader = new EnsembleTrader();
    this.trader.restore(snapshot);
  }
}

function kindsOf(actions: readonly DeskAction[]): string[] {
  return actions.map(({ kind }) => kind);
}

function accepted(intentId: string): DeskEvent {
  const order = { role: "entry", intentId };
  return { type: "OrderAccepted", order } as DeskEvent;
}

function filled(intentId: string, seq: number): DeskEvent {
  // At a venue a fill has the number of the last closed candle.
  const fill = { role: "entry", intentId, side: "buy", seq: seq - 1 };
  return { type: "OrderFilled", seq, fill } as DeskEvent;
}

Deno.test("EnsembleTrader gives up an entry that its desk never answers, and enters anew", () => {
  const run = new TraderRun();
  assert.deepEqual(kindsOf(run.lose()), ["cancel", "submit"]);
});

Deno.test("EnsembleTrader waits for an entry that its desk has accepted", () => {
  const run = new TraderRun();
  run.candle();
  assert.deepEqual(run.candle(accepted("0.0")), []);
  for (let count = 0; count < 10; count++) assert.deepEqual(run.candle(), []);
});

Deno.test("EnsembleTrader withdraws a lost entry once more when its desk accepts it after all, and holds it where it is filled", () => {
  const run = new TraderRun();
  run.lose();
  run.restart();
  const [late] = run.candle(accepted("0.0"));
  assert.deepEqual(late, {
    kind: "cancel",
    intentId: "0.0",
    reason: "The desk has answered too late",
  });
  run.hasPosition = true;
  run.candle(filled("0.0", 6));
  const { held, lost } = run.trader.snapshot();
  assert.deepEqual(held, { intentId: "0.0", bias: 1, entrySeq: 6 });
  assert.equal(lost, undefined);
});

Deno.test("EnsembleTrader holds a position at a venue for as many candles as it is told", () => {
  const run = new TraderRun();
  run.candle();
  run.hasPosition = true;
  assert.deepEqual(run.candle(accepted("0.0"), filled("0.0", 1)), []);
  assert.deepEqual(run.candle(), [
    { kind: "close", reason: "Held for 2 candles" },
  ]);
});
