import assert from "node:assert/strict";
import { EMERGENCY_LOOK_MS } from "../../../lib/desk/emergency/limits.ts";
import {
  askEmergency,
  latch,
  MemoryEmergencyFiles,
  openPosition,
  pull,
  release,
  rest,
  resting,
} from "./emergency_world.ts";
import { MemoryStorage } from "./memory_storage.ts";
import { attached, Bench } from "./program_world.ts";
import { account } from "./emergency_bench.ts";

function denials(bench: Bench) {
  return bench.steps().flatMap(({ events }) =>
    events.flatMap((event) => event.type === "OrderDenied" ? [event] : [])
  );
}

Deno.test("block denies a new entry at once and lets what rests go on", async () => {
  const bench = attached();
  rest(bench);
  const stop = await pull(bench);
  assert.equal(stop.isWorking, false, "there is nothing more to do");
  assert.deepEqual(
    stop.progress.map(({ state, ordersLeft }) => ({
      state,
      ordersLeft,
    })),
    [{ state: "done", ordersLeft: 1 }],
  );
  bench.candle(1);
  bench.agent(resting(1));
  bench.step(2);
  const [denial] = denials(bench);
  assert.equal(denial?.code, "EMERGENCY_STOP");
  assert.equal(
    denial?.detail,
    "An emergency stop is in force (a drill); release it first",
  );
  const { openOrders, tradingState, tradingStateReason } = await account(bench);
  assert.equal(openOrders.length, 1);
  assert.equal(tradingState, "halted");
  assert.match(tradingStateReason!, /emergency stop/);
});

Deno.test("a denial by a stop is journaled: a recovery without the latch tells it again and has the same books", async () => {
  const storage = new MemoryStorage();
  const first = attached({}, { storage });
  first.candle(0);
  await pull(first);
  first.agent(resting(0));
  const before = await account(first);
  const second = new Bench([{}], { storage });
  second.link(2);
  second.agent({ type: "attached", decidedSeq: 0 });
  // It repeats its decision, as one does that has started from an earlier snapshot.
  second.agent(resting(0));
  second.step(1);
  assert.deepEqual(denials(second).map(({ code }) => code), ["EMERGENCY_STOP"]);
  const after = await account(second);
  assert.deepEqual([after.openOrders, after.cash], [[], before.cash]);
});

Deno.test("block leaves protection at work: a resting entry fills, its stop is placed and closes", async () => {
  const bench = attached();
  rest(bench);
  await pull(bench);
  bench.step(1, 89);
  assert.equal((await account(bench)).position?.direction, "long");
  bench.step(2, 75);
  const { position, trades } = await account(bench);
  assert.equal(position, null);
  assert.equal(trades, 1);
});

Deno.test("cancel withdraws entries and leaves stop and target; with withdrawAll these go, too", async () => {
  const bench = attached();
  openPosition(bench);
  const stop = await pull(bench, { lever: "cancel" });
  assert.equal(stop.progress[0]!.state, "done");
  assert.deepEqual(
    (await account(bench)).openOrders.map(({ role }) => role),
    ["stop", "target"],
  );
  const all = await pull(bench, {
    id: "stop_00000002",
    lever: "cancel",
    withdrawAll: true,
  });
  assert.equal(all.progress[0]!.ordersLeft, 0);
  const { openOrders, position } = await account(bench);
  assert.deepEqual(openOrders, []);
  assert.notEqual(position, null);
  bench.step(2, 50);
  assert.notEqual((await account(bench)).position, null, "no stop is left");
});

Deno.test("cancel withdraws a resting entry", async () => {
  const bench = attached();
  rest(bench);
  const stop = await pull(bench, { lever: "cancel" });
  assert.equal(stop.isWorking, false);
  assert.equal(stop.progress[0]!.ordersLeft, 0);
  assert.deepEqual((await account(bench)).openOrders, []);
});

Deno.test("flatten closes the position at the last price and leaves no order", async () => {
  const bench = attached();
  openPosition(bench);
  const stop = await pull(bench, { lever: "flatten" });
  assert.deepEqual(
    stop.progress.map(({ state, positionLeft, error }) => ({
      state,
      positionLeft,
      error,
    })),
    [{ state: "done", positionLeft: "0", error: null }],
  );
  const { position, openOrders, trades } = await account(bench);
  assert.deepEqual([position, openOrders, trades], [null, [], 1]);
});

Deno.test("flatten leaves a position as residue that could be closed beyond the collar only", async () => {
  const bench = attached({ costs: { slippageBp: 100 } });
  openPosition(bench);
  const stop = await pull(bench, {
    lever: "flatten",
    collarPct: 0.5,
    deadlineMs: 1_000,
  });
  assert.equal(stop.isWorking, true);
  assert.match(stop.progress[0]!.error!, /1\.00 % from the last price/);
  await bench.clock.advance(1_000 + EMERGENCY_LOOK_MS);
  const { state } = bench.emergencies.at(-1)!;
  assert.equal(state.latches[0]!.isWorking, false);
  assert.equal(state.latches[0]!.residue[0]!.state, "residue");
  assert.equal(
    (await account(bench)).openOrders.length,
    2,
    "its protection stays",
  );
});

Deno.test("a stop of one agent, of a user or of an account leaves the others alone", async () => {
  const both = [{ agentId: "agt_1" }, { agentId: "agt_2" }];
  const touched = async (
    scope: Parameters<typeof latch>[0],
    ownerId?: string,
  ) => {
    const bench = new Bench(both, {
      files: { open: () => new MemoryStorage(), retire: () => {} },
      ...(ownerId === undefined ? {} : { ownerId }),
    });
    return (await pull(bench, scope)).progress.map(({ agentId }) => agentId);
  };
  const all = ["agt_1", "agt_2"];
  assert.deepEqual(await touched({ scope: { kind: "agent", id: "agt_2" } }), [
    "agt_2",
  ]);
  const user = { scope: { kind: "user", id: "usr_1" } } as const;
  assert.deepEqual(await touched(user, "usr_1"), all);
  assert.deepEqual(await touched(user, "usr_2"), []);
  assert.deepEqual(await touched(user), all, "an unknown owner is stopped");
  const scope = { kind: "account", id: "paper" } as const;
  assert.deepEqual(await touched({ scope }), all);
  assert.deepEqual(
    await touched({ scope: { kind: "account", id: "crd_1" } }),
    [],
  );
});

for (
  const [what, harm] of [
    ["is no JSON", (files) => files.latches = "{"],
    ["has an unknown form", (files) => files.latches = '{"v":2}'],
    ["cannot be read", (files) => files.isUnreadable = true],
  ] as [string, (files: MemoryEmergencyFiles) => void][]
) {
  Deno.test(`a file of latches that ${what} stops everything and says how to mend it`, async () => {
    const files = new MemoryEmergencyFiles();
    harm(files);
    const bench = attached({}, { emergencyFiles: files });
    rest(bench);
    assert.deepEqual((await account(bench)).openOrders, []);
    const { latches } = await askEmergency(bench, { op: "state" });
    assert.match(latches[0]!.reason, /latches\.json.*cannot be read/);
    assert.match(latches[0]!.reason, /then release this stop/);
    assert.equal(files.aside.length, 1, "the file is kept");
    files.isUnreadable = false;
    await release(bench, latches[0]!.id);
    rest(bench, 1);
    assert.equal((await account(bench)).openOrders.length, 1);
    const again = attached({}, { emergencyFiles: files });
    rest(again);
    assert.equal((await account(again)).openOrders.length, 1);
  });
}

for (
  const [what, name, text] of [
    ["an empty file made by hand", "halt", ""],
    ["one that cannot be read", "halt-abcdefgh.json", null],
    ["one that is no request", "halt-abcdefgh.json", '{"lever":"explode"}'],
  ] as const
) {
  Deno.test(`a request file blocks everything: ${what}`, async () => {
    const files = new MemoryEmergencyFiles();
    files.inbox.set(name, text);
    const bench = attached({}, { emergencyFiles: files });
    rest(bench);
    assert.deepEqual((await account(bench)).openOrders, [], "before any order");
  });
}
