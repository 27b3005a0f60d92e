import assert from "node:assert/strict";
import { createSimulatedClock } from "../../../actors/simulated_clock.ts";
import type { JournalEntry } from "../../../lib/desk/journal/records.ts";
import type { DeskLatencyView } from "../../../lib/contracts/latency.ts";
import { DeskLatency } from "../../../lib/desk/latency.ts";
import { attached } from "./program_world.ts";
import { submit } from "./support.ts";

/** An account's latencies over a journal that takes two milliseconds a write. */
function bench() {
  let at = 1_000;
  const pass = (ms: number) => void (at += ms);
  const clock = {
    ...createSimulatedClock(),
    nowMs: () => at,
    monotonicMs: () => at,
  };
  const latency = new DeskLatency(clock, () => clock.nowMs());
  const written: JournalEntry[] = [];
  const sink = latency.over({
    append(entries) {
      pass(2);
      written.push(...entries);
    },
  });
  return { clock, latency, pass, sink, written };
}

Deno.test("DeskLatency measures each stage of a decision, from its message to the wire and the answer", () => {
  const { clock, latency, pass, sink } = bench();
  const sentAtMs = clock.nowMs();
  pass(5);
  latency.receive({ sentAtMs }, () => {
    pass(3);
    sink.verdict!();
    sink.append([]);
    const startMs = clock.monotonicMs();
    pass(1);
    latency.sent(startMs);
    pass(40);
    latency.answered(startMs);
  });
  const { stages } = latency.view("agt_1");
  const means = Object.fromEntries(
    Object.entries(stages).map(([stage, figures]) => [stage, figures?.maxMs]),
  );
  assert.deepEqual(means, {
    link: 5,
    controls: 3,
    journal: 2,
    wire: 1,
    ack: 41,
    total: 6,
  });
  assert.ok(Object.values(stages).every((figures) => figures?.n === 1));
});

Deno.test("DeskLatency knows nothing of a link without stamps, of candles, nor of what nobody decided", () => {
  const { latency, sink, written } = bench();
  sink.append([]);
  sink.verdict!();
  latency.receive({}, () => sink.append([]));
  latency.receive(null, () => {});
  assert.equal(written.length, 0);
  const { stages } = latency.view("agt_1");
  assert.ok(Object.values(stages).every((figures) => figures === null));
});

Deno.test("DeskLatency never tells of a message that came before it was sent", () => {
  const { clock, latency } = bench();
  latency.receive({ sentAtMs: clock.nowMs() + 7 }, () => {});
  assert.equal(latency.view("agt_1").stages.link!.maxMs, 0);
});

Deno.test("DeskLatency.together() tells of several accounts, and what it tells of the last minutes is over when they are", () => {
  const benches = [bench(), bench()];
  for (const { latency, pass, sink } of benches) {
    latency.receive({}, () => {
      pass(3);
      sink.verdict!();
    });
  }
  const together = () =>
    DeskLatency.together(benches.map(({ latency }) => latency));
  assert.equal(together().recent.controls?.n, 2);
  for (const { pass } of benches) pass(600_000);
  assert.equal(together().recent.controls, null);
  assert.equal(together().stages.controls?.n, 2);
});

Deno.test("desk answers how long its decisions took, stage by stage; nothing of candles goes over a wire", async () => {
  const bench = attached();
  bench.candle(0);
  bench.agent({ ...submit(0), sentAtMs: Date.now() });
  const query = { type: "latency", agentId: "agt_1" };
  const { stages } = await bench.desk.ask!(query) as DeskLatencyView;
  const counts = Object.entries(stages).map(([stage, figures]) => [
    stage,
    figures?.n ?? null,
  ]);
  assert.deepEqual(Object.fromEntries(counts), {
    link: 1,
    controls: 1,
    journal: 1,
    wire: null,
    ack: null,
    total: null,
  });
});

Deno.test("AccountView tells how much worse than decided entries were filled, unknown as null", async () => {
  const bench = attached();
  bench.candle(0);
  const view = async () => (await bench.ask({ type: "account" })).account;
  assert.deepEqual((await view()).slippage, { fills: 0, meanBp: null });
  bench.agent(submit(0));
  bench.candle(1);
  // Two basis points of slippage on the close of candle 0.
  assert.deepEqual((await view()).slippage, { fills: 1, meanBp: 2 });
  const other = attached();
  other.candle(0);
  other.agent(submit(0, { decisionPrice: 99 }));
  other.candle(1);
  const { account } = await other.ask({ type: "account" });
  assert.ok(Math.abs(account.slippage!.meanBp! - 103.03) < 0.01);
});
