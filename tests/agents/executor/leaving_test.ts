import assert from "node:assert/strict";
import {
  type ExecutionMoment,
  ExecutorTrader,
} from "../../../agents/execution_plan/executor_trader.ts";
import { PRESET_EXECUTION } from "../../../agents/execution_plan/presets.ts";
import type { DeskAction, DeskEvent } from "../../../lib/contracts/order.ts";
import type { ExitSignal } from "../../../lib/contracts/signal.ts";
import { enterSignal } from "../signals/fixtures.ts";
import { intentOf, kinds } from "./executor_support.ts";

/** An executor's trader with a desk whose venue answers when a test says so. */
class VenueRun {
  trader = new ExecutorTrader();
  seq = 0;
  hasPosition = false;
  execution = PRESET_EXECUTION;

  get #moment(): ExecutionMoment {
    return {
      config: this.execution,
      sourceIds: ["s1"],
      seq: this.seq,
      close: 100,
      riskPct: 1,
      blockedBecause: null,
      hasPosition: this.hasPosition,
    };
  }

  /** The next candle, with what the desk tells on it; answers what was decided. */
  candle(...events: DeskEvent[]): readonly DeskAction[] {
    this.seq++;
    for (const event of events) this.trader.apply(event, this.#moment);
    this.trader.step(this.#moment);
    return this.trader.takeActions();
  }

  enter(): readonly DeskAction[] {
    const signal = enterSignal({ seq: this.seq, expireAfterSeq: 1_000 });
    this.trader.take({ sourceId: "s1", slot: 0, signal }, this.#moment);
    return this.trader.takeActions();
  }

  leave(): readonly DeskAction[] {
    const { seq, at, side, price, strategy, confidence } = enterSignal({
      seq: this.seq,
    });
    const signal: ExitSignal = {
      kind: "exit",
      signalId: `${seq}.9`,
      seq,
      at,
      side,
      price,
      strategy,
      confidence,
      reasons: ["Enough"],
    };
    this.trader.take({ sourceId: "s1", slot: 0, signal }, this.#moment);
    return this.trader.takeActions();
  }

  restart(): void {
    const snapshot = structuredClone(this.trader.snapshot());
    this.trader = new ExecutorTrader();
    this.trader.restore(snapshot);
  }
}

function accepted(intentId: string): DeskEvent {
  const order = { role: "entry", intentId, quantity: "1", price: null };
  return { type: "OrderAccepted", order } as DeskEvent;
}

function filled(intentId: string): DeskEvent {
  const fill = { role: "entry", intentId, side: "buy", price: "100" };
  return {
    type: "OrderFilled",
    fill: { ...fill, quantity: "1" },
  } as DeskEvent;
}

function refused(intentId: string): DeskEvent {
  return {
    type: "OrderCanceled",
    role: "entry",
    intentId,
    cause: "post_only",
    reason: "It would have taken",
  } as DeskEvent;
}

function closed(intentId: string): DeskEvent {
  return { type: "PositionClosed", trade: { intentId } } as DeskEvent;
}

const CLOSE: readonly DeskAction[] = [{ kind: "close", reason: "Enough" }];

for (const isRestarted of [false, true]) {
  const after = isRestarted ? ", after a restart too" : "";

  Deno.test(`ExecutorTrader leaves an entry whose fill is told after the signal to leave it${after}`, () => {
    const run = new VenueRun();
    const { intentId } = intentOf(run.enter());
    run.candle(accepted(intentId));
    assert.deepEqual(kinds(run.leave()), ["cancel"]);
    if (isRestarted) run.restart();
    run.hasPosition = true;
    assert.deepEqual(run.candle(filled(intentId)), CLOSE);
  });

  Deno.test(`ExecutorTrader asks for a close again while its position is there${after}`, () => {
    const run = new VenueRun();
    const { intentId } = intentOf(run.enter());
    run.hasPosition = true;
    assert.deepEqual(run.candle(accepted(intentId), filled(intentId)), []);
    assert.deepEqual(run.leave(), CLOSE);
    // The venue turned the first one away.
    if (isRestarted) run.restart();
    assert.deepEqual(run.candle(), CLOSE);
    assert.deepEqual(run.candle(), CLOSE);
    run.hasPosition = false;
    assert.deepEqual(run.candle(closed(intentId)), []);
    assert.deepEqual(kinds(run.enter()), ["submit"]);
  });
}

Deno.test("ExecutorTrader closes no position that a signal to leave was not of", () => {
  const run = new VenueRun();
  const first = intentOf(run.enter()).intentId;
  run.candle(accepted(first));
  run.leave();
  run.candle({ ...refused(first), cause: "withdrawn" } as DeskEvent);
  const second = intentOf(run.enter()).intentId;
  run.hasPosition = true;
  assert.deepEqual(run.candle(accepted(second), filled(second)), []);
});

Deno.test("ExecutorTrader tries the one entry of its half-open breaker again where it was refused for no fault", () => {
  const run = new VenueRun();
  run.execution = { ...PRESET_EXECUTION, breakerOpenCandles: 2 };
  run.trader.breaker.trip(0, { cause: "A test", config: run.execution });
  run.candle();
  run.candle();
  const { intentId } = intentOf(run.enter());
  run.candle(accepted(intentId));
  assert.equal(run.trader.breaker.state, "half_open");
  run.candle(refused(intentId));
  const again = intentOf(run.candle());
  assert.notEqual(again.intentId, intentId);
});
