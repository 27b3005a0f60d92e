import assert from "node:assert/strict";
import type { AgentToDesk } from "../../../lib/contracts/links.ts";
import { ExecutorRun, type RunOptions } from "./executor_run.ts";

function realtimeRun(
  side: "buy" | "sell" = "buy",
  options: RunOptions = {},
): ExecutorRun {
  return new ExecutorRun(side, {
    feed: { kind: "exchange", exchange: "binance", market: "spot" },
    ...options,
    account: { pacing: "realtime", ...options.account },
  });
}

function typesOf(messages: readonly AgentToDesk[]): string[] {
  return messages.map((message) =>
    message.type === "attached"
      ? "attached"
      : `${message.type} ${message.actions.map(({ kind }) => kind).join()}`
  );
}

for (const side of ["buy", "sell"] as const) {
  Deno.test(`Executor in real time decides without its sources and acts at once on a signal to ${side}`, () => {
    const run = realtimeRun(side);
    run.candle({ close: 100 });
    run.candle({ close: 100 });
    run.tell("s1", [run.signal({ seq: 1 })]);
    assert.deepEqual(typesOf(run.toDesk), [
      "decided ",
      "decided ",
      "acted submit",
    ]);
    assert.equal(run.account.view().openOrders.length, 1);
    run.candle({ close: 100 });
    run.candle({ close: 101 });
    run.tell("s1", [{ ...run.exit(), seq: 3, signalId: "3.1" }]);
    assert.deepEqual(typesOf(run.toDesk.slice(-1)), ["acted close"]);
    run.candle({ close: 101 });
    assert.ok(run.takeEvents().includes("closed close"));
  });
}

Deno.test("Executor in real time keeps a signal of a candle that it has yet to decide for that decision", () => {
  const run = realtimeRun();
  run.candle({ close: 100 });
  run.seq++;
  run.tell("s1", [run.signal({ seq: 1 })]);
  run.seq--;
  assert.deepEqual(typesOf(run.toDesk), ["decided "]);
  run.candle({ close: 100 });
  assert.deepEqual(typesOf(run.toDesk), ["decided ", "decided submit"]);
});

Deno.test("Executor in real time does not act on a signal whose time is over", () => {
  const run = realtimeRun();
  for (let seq = 0; seq < 4; seq++) run.candle({ close: 100 });
  run.tell("s1", [run.signal({ seq: 1 })]);
  assert.deepEqual(typesOf(run.toDesk.slice(-1)), ["decided "]);
  assert.match(run.logs.join(), /came too late/);
});

Deno.test("Executor tells its desk again what it did since the last candle, and that enters once", () => {
  const run = realtimeRun();
  run.candle({ close: 100 });
  run.tell("s1", [run.signal({ seq: 0 })]);
  const outputs = run.agent.linkOpened("desk", null);
  const again = outputs.flatMap((output) =>
    output.to === "link" ? [output.message as AgentToDesk] : []
  );
  assert.deepEqual(typesOf(again), ["attached", "decided ", "acted submit"]);
  for (const message of again) {
    if (message.type === "acted") run.account.act(message);
  }
  assert.equal(run.account.view().openOrders.length, 1);
});

Deno.test("Executor that has lost what it did enters no second time", () => {
  for (let lost = 0; lost < 3; lost++) {
    const run = realtimeRun();
    run.candle({ close: 100 });
    const before = structuredClone(run.agent.snapshot());
    const signal = run.signal({ seq: 0, expireAfterSeq: 9 });
    run.tell("s1", [signal]);
    for (let seq = 0; seq < lost; seq++) run.candle({ close: 100 });
    const { seq } = run;
    // The run after the failure hears everything anew, in another order.
    const redo = realtimeRun();
    redo.agent = redo.startFrom(before);
    redo.seq = 0;
    redo.told.set("s1", -1);
    redo.tell("s1", [signal]);
    const acted = redo.toDesk.findLast(({ type }) => type === "acted");
    assert.ok(acted?.type === "acted");
    const entries = () =>
      run.account.view().openOrders.filter(({ role }) => role === "entry")
        .length + (run.account.view().position === null ? 0 : 1);
    assert.equal(entries(), 1);
    run.account.act(acted);
    run.candle({ close: 100 });
    assert.equal(entries(), 1, `${seq}`);
  }
});

Deno.test("Executor withdraws an entry that an earlier run had sent, of which it has heard nothing", () => {
  const run = realtimeRun("buy", { execution: { order: "limit" } });
  run.candle({ close: 101 });
  run.tell("s1", [run.signal({ seq: 0, expireAfterSeq: 9 })]);
  run.candle({ close: 101 });
  const redo = realtimeRun("buy", { execution: { order: "limit" } });
  redo.candle({ close: 101 });
  redo.tell("s1", [redo.signal({ seq: 0, expireAfterSeq: 9 })]);
  redo.candleWith({ close: 101 }, [{
    type: "OrderDenied",
    seq: 1,
    intentId: "0.0",
    code: "INTENT_DUPLICATE",
    detail: "Intent 0.0 was sent before",
    cause: "invalid",
  }]);
  const [cancel] = redo.lastActions;
  assert.ok(cancel?.kind === "cancel" && cancel.intentId === "0.0");
  redo.tell("s1", [redo.signal({ seq: 1 })]);
  assert.deepEqual(typesOf(redo.toDesk.slice(-1)), ["acted submit"]);
});

Deno.test("Executor gives up an order that its desk never answers", () => {
  const run = realtimeRun();
  run.candle({ close: 100 });
  run.tell("s1", [run.signal({ seq: 0 })]);
  for (let seq = 1; seq < 6; seq++) run.candleWith({ close: 100 }, []);
  const kinds = run.toDesk.flatMap((message) =>
    message.type === "attached" ? [] : message.actions.map(({ kind }) => kind)
  );
  assert.deepEqual(kinds, ["submit", "cancel"]);
});

Deno.test("Executor shows how long signals took, as the workers' stamps tell", () => {
  const run = realtimeRun();
  run.candle({ close: 100 });
  assert.equal(run.vitals.latency, undefined);
  run.agent.receive("source:s1", {
    type: "signals",
    fromSeq: 0,
    toSeq: 0,
    signals: [],
    beganAtMs: 1_000,
    sentAtMs: 1_000.5,
    receivedAtMs: 1_000.75,
  });
  const { decision, signal } = run.vitals.latency!;
  assert.equal(decision!.n, 1);
  assert.equal(decision!.maxMs, 0.5);
  assert.equal(signal!.maxMs, 0.25);
});
