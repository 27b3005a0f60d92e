import assert from "node:assert/strict";
import type { AppError } from "../../../lib/core/errors.ts";
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
import { candle, submit } from "./support.ts";
import { toBatch } from "./batch.ts";
import { account } from "./emergency_bench.ts";

Deno.test("a latch is in its file before its lever changes an order", async () => {
  const files = new MemoryEmergencyFiles();
  const bench = attached({}, { emergencyFiles: files });
  rest(bench);
  const before = bench.storage.bytes.length;
  const lengths: number[] = [];
  files.onWrite = () => void lengths.push(bench.storage.bytes.length);
  await pull(bench, { lever: "cancel" });
  assert.equal(lengths[0], before);
  assert.ok(bench.storage.bytes.length > before, "the order is withdrawn");
});

Deno.test("a latch holds over a restart of the desk, and levers that had not ended are pulled again", async () => {
  const files = new MemoryEmergencyFiles();
  const storage = new MemoryStorage();
  const first = attached({}, { emergencyFiles: files, storage });
  rest(first);
  files.latches = JSON.stringify({
    v: 1,
    latches: [latch({ lever: "cancel" })],
    released: [],
  });
  const second = attached({}, { emergencyFiles: files, storage });
  const { openOrders, tradingState } = await account(second);
  assert.deepEqual(openOrders, []);
  assert.equal(tradingState, "halted");
  second.candle(1);
  second.agent(resting(1));
  assert.deepEqual((await account(second)).openOrders, []);
});

Deno.test("a stop that has ended closes nothing after a restart, and withdraws entries", async () => {
  const files = new MemoryEmergencyFiles();
  const storage = new MemoryStorage();
  openPosition(attached({}, { emergencyFiles: files, storage }));
  const ended = latch({ lever: "flatten", endedAt: 5 });
  files.latches = JSON.stringify({ v: 1, latches: [ended], released: [] });
  const bench = attached({}, { emergencyFiles: files, storage });
  assert.notEqual((await account(bench)).position, null);
  const { latches } = await askEmergency(bench, { op: "state" });
  assert.equal(latches[0]!.residue.length, 1);
});

Deno.test("a latch that the disk does not take holds in memory and is written when it does", async () => {
  const files = new MemoryEmergencyFiles();
  const bench = attached({}, { emergencyFiles: files });
  files.isReadOnly = true;
  await pull(bench);
  rest(bench);
  assert.deepEqual((await account(bench)).openOrders, []);
  assert.match(
    bench.emergencies.at(-1)!.state.fileProblem!,
    /cannot be written \(Read-only.*not over a restart; free disk space/,
  );
  await assert.rejects(
    release(bench),
    (error: AppError) => error.code === "EMERGENCY_FILE",
  );
  rest(bench, 1);
  assert.deepEqual((await account(bench)).openOrders, []);
  files.isReadOnly = false;
  await bench.clock.advance(EMERGENCY_LOOK_MS);
  assert.equal(bench.emergencies.at(-1)!.state.fileProblem, null);
  assert.match(files.latches!, /stop_00000001/);
});

Deno.test("a full journal does not keep an account from being blocked; what it cannot withdraw is residue", async () => {
  const bench = attached();
  rest(bench);
  bench.storage.refuse("ENOSPC");
  const stop = await pull(bench, { lever: "cancel" });
  assert.equal(stop.progress[0]!.state, "done");
  assert.match(stop.progress[0]!.error!, /^Done in memory only/);
});

Deno.test("the same latch again changes nothing, also after its release", async () => {
  const bench = attached();
  await pull(bench);
  await pull(bench);
  const { latches } = await askEmergency(bench, { op: "state" });
  assert.equal(latches.length, 1);
  await release(bench);
  await pull(bench);
  const state = await release(bench);
  assert.deepEqual(state.latches, []);
  assert.equal(state.released[0]!.release!.reason, "over");
  await assert.rejects(
    release(bench, "stop_unknown1"),
    (error: AppError) => error.code === "EMERGENCY_NOT_FOUND",
  );
});

Deno.test("re-arming a latched account is refused until its stop is released", async () => {
  const bench = attached();
  await pull(bench);
  const rearm = { type: "rearm", commandId: "cmd_1", reason: "x" };
  await assert.rejects(
    bench.ask(rearm),
    (error: AppError) => error.code === "EMERGENCY_LATCHED",
  );
  await release(bench);
  await bench.ask(rearm);
});

Deno.test("an account that opens under a latch is blocked from its first order", async () => {
  const bench = new Bench([]);
  await pull(bench);
  await bench.ask({
    type: "openAccount",
    account: (await import("./support.ts")).accountConfig(),
    storedTrades: 0,
  });
  bench.link();
  bench.agent({ type: "attached", decidedSeq: -1 });
  void bench.desk.receive(
    "candles:agt_1",
    toBatch([candle(0, { close: 100 })]),
  );
  bench.agent(submit(0));
  assert.deepEqual((await account(bench)).openOrders, []);
});

Deno.test("one of two latches released leaves the other in force", async () => {
  const bench = attached();
  await pull(bench);
  await pull(bench, { id: "stop_00000002", reason: "second" });
  await release(bench);
  rest(bench);
  assert.deepEqual((await account(bench)).openOrders, []);
  await release(bench, "stop_00000002");
  rest(bench, 1);
  assert.equal((await account(bench)).openOrders.length, 1);
});
