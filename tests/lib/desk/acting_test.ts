import assert from "node:assert/strict";
import type { AgentActed } from "../../../lib/contracts/links.ts";
import type { DeskAction } from "../../../lib/contracts/order.ts";
import { attached } from "./program_world.ts";
import { candle, intent } from "./support.ts";
import { open, typesOf } from "./open_account.ts";

function acted(seq: number, ...actions: DeskAction[]): AgentActed {
  return { type: "acted", seq, actions };
}

const buy = (seq: number, intentId = `${seq}.7`): DeskAction => ({
  kind: "submit",
  intent: intent(seq, { intentId }),
});

Deno.test("DeskAccount.act() carries out at once what comes after the decision on a candle", () => {
  const account = open({ pacing: "realtime" });
  account.step(candle(0, { close: 100 }));
  account.decide({ type: "decided", seq: 0, actions: [] });
  account.act(acted(0, buy(0)));
  assert.equal(account.decidedSeq, 0);
  assert.equal(account.view().openOrders.length, 1);
  const step = account.step(candle(1, { close: 100 }));
  assert.deepEqual(typesOf(step.events).slice(0, 2), [
    "accepted entry",
    "filled entry",
  ]);
});

Deno.test("DeskAccount.act() never enters an intent twice, whatever candle it is sent for again", () => {
  const account = open({ pacing: "realtime" });
  account.step(candle(0, { close: 100 }));
  account.act(acted(0, buy(0)));
  account.act(acted(0, buy(0)));
  assert.equal(account.view().openOrders.length, 1);
  account.step(candle(1, { close: 100 }));
  account.act(acted(1, buy(1, "0.7")));
  const step = account.step(candle(2, { close: 100 }));
  assert.deepEqual(typesOf(step.events), ["denied INTENT_DUPLICATE"]);
});

Deno.test("DeskAccount.act() takes the id of an earlier candle and none of a later one", () => {
  const account = open({ pacing: "realtime" });
  account.step(candle(0, { close: 100 }));
  account.step(candle(1, { close: 100 }));
  account.act(acted(1, buy(1, "2.0"), buy(1, "x"), buy(1, "0.7")));
  const step = account.step(candle(2, { close: 100 }));
  assert.deepEqual(typesOf(step.events).slice(0, 3), [
    "denied ORDER_INVALID",
    "denied ORDER_INVALID",
    "accepted entry",
  ]);
});

Deno.test("The desk denies what an agent wants between two candles in lockstep", () => {
  const bench = attached();
  bench.step(0);
  bench.agent(acted(0, buy(0)));
  const events = bench.steps().flatMap((step) => step.events);
  assert.deepEqual(typesOf(events), ["denied ORDER_INVALID"]);
  bench.step(1);
  assert.equal(bench.steps().at(-1)!.hasPosition, false);
});

Deno.test("The desk in real time carries it out before the next candle", () => {
  const bench = attached({ pacing: "realtime" });
  bench.step(0);
  bench.agent(acted(0, buy(0)));
  bench.candle(1);
  const events = bench.steps().flatMap((step) => step.events);
  assert.deepEqual(typesOf(events).slice(0, 2), [
    "accepted entry",
    "filled entry",
  ]);
  assert.equal(bench.steps().at(-1)!.hasPosition, true);
});

Deno.test("The desk denies it for a candle that it has yet to process", () => {
  const bench = attached({ pacing: "realtime" });
  bench.step(0);
  bench.agent(acted(3, buy(3)));
  const events = bench.steps().flatMap((step) => step.events);
  assert.deepEqual(typesOf(events), ["denied INTENT_LATE"]);
});
