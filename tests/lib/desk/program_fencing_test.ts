import assert from "node:assert/strict";
import { MemoryStorage } from "./memory_storage.ts";
import { AGENT, attached, Bench } from "./program_world.ts";
import { submit } from "./support.ts";

/** Codes of the denials that an agent was told. */
function denials(bench: Bench): string[] {
  return bench.steps().flatMap(({ events }) =>
    events.flatMap((event) => event.type === "OrderDenied" ? [event.code] : [])
  );
}

/** Everything that could have come of an order. */
async function assertNothingTraded(bench: Bench): Promise<void> {
  const { account } = await bench.ask({ type: "account" });
  assert.deepEqual(account.openOrders, []);
  assert.equal(account.position, null);
  const journal = new TextDecoder().decode(bench.storage.bytes);
  assert.ok(!/"type":"(INTENT|ORDER|FILL)"/.test(journal));
}

/** Incarnation 3 was here; then `epoch` opens the link and decides without an end. */
async function decideLateAs(epoch: number, bench: Bench): Promise<void> {
  bench.desk.linkOpened!(AGENT, { peerId: "agt_1", peerEpoch: epoch });
  bench.agent({ type: "attached", decidedSeq: -1 });
  for (let seq = 0; seq < 3; seq++) {
    bench.agent(submit(seq, { stopPrice: 98 }));
    bench.candle(seq + 1);
  }
  await assertNothingTraded(bench);
  assert.deepEqual(denials(bench).slice(0, 3), [
    "EPOCH_STALE",
    "EPOCH_STALE",
    "EPOCH_STALE",
  ]);
}

for (const epoch of [1, 2]) {
  Deno.test(`desk denies every late decision of incarnation ${epoch} when 3 has attached`, async () => {
    const bench = new Bench([{}]);
    bench.link(3);
    bench.agent({ type: "attached", decidedSeq: -1 });
    bench.candle(0);
    await decideLateAs(epoch, bench);
  });

  Deno.test(`desk denies every late decision of incarnation ${epoch} when only the link of 3 was opened`, async () => {
    const bench = new Bench([{}]);
    bench.link(3);
    bench.candle(0);
    await decideLateAs(epoch, bench);
  });

  Deno.test(`desk that was restarted denies every late decision of incarnation ${epoch} when 3 had attached`, async () => {
    const storage = new MemoryStorage();
    const first = new Bench([{}], { storage });
    first.link(3);
    first.agent({ type: "attached", decidedSeq: -1 });
    const bench = new Bench([{}], { storage });
    bench.link(epoch);
    bench.candle(0);
    await decideLateAs(epoch, bench);
  });
}

Deno.test("desk whose agent was replaced while its disk refused fences the old one after a crash, too", async () => {
  const storage = new MemoryStorage();
  const first = attached({}, { storage });
  first.candle(0);
  storage.refuse("ENOSPC");
  first.desk.linkOpened!(AGENT, { peerId: "agt_1", peerEpoch: 2 });
  first.agent({ type: "attached", decidedSeq: -1 });
  storage.mend();
  await first.clock.advance(1_000);
  const bench = new Bench([{}], { storage });
  bench.link(1);
  bench.candle(1);
  bench.agent({ type: "attached", decidedSeq: -1 });
  bench.agent(submit(0, { stopPrice: 98 }));
  await assertNothingTraded(bench);
  assert.deepEqual(denials(bench), ["EPOCH_STALE"]);
});

Deno.test("desk takes no intent before its agent has attached, after a start and after a recovery (P3)", async () => {
  for (const isRecovery of [false, true]) {
    const storage = new MemoryStorage();
    if (isRecovery) {
      const before = attached({}, { storage });
      before.step(0);
    }
    const bench = new Bench([{}], { storage });
    bench.agent(submit(0, { stopPrice: 98 }));
    bench.link();
    if (!isRecovery) bench.candle(0);
    bench.agent(submit(0, { stopPrice: 98 }));
    // deno-lint-ignore no-await-in-loop -- one case after the other
    await assertNothingTraded(bench);
    bench.agent({ type: "attached", decidedSeq: -1 });
    bench.agent(submit(0, { stopPrice: 98 }));
    // deno-lint-ignore no-await-in-loop -- as above
    const { account } = await bench.ask({ type: "account" });
    assert.equal(account.openOrders.length, 1, "from then on it does");
  }
});
