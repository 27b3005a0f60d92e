import assert from "node:assert/strict";
import { createSimulatedClock } from "../../actors/simulated_clock.ts";
import { DEAD_MS } from "../../actors/limits.ts";
import { HeartbeatWatch } from "../../actors/supervision/heartbeat_watch.ts";

function createWatch({ deadMs = DEAD_MS } = {}) {
  const clock = createSimulatedClock();
  const told: string[] = [];
  const watch = new HeartbeatWatch({
    clock,
    deadMs,
    onSuspect: () => told.push(`suspect ${clock.monotonicMs()}`),
    onDead: () => told.push(`dead ${clock.monotonicMs()}`),
  });
  return { clock, told, watch };
}

Deno.test("HeartbeatWatch suspects after three seconds of silence and gives up after four and a half", async () => {
  const { clock, told } = createWatch();
  await clock.advance(60_000);
  assert.deepEqual(told, ["suspect 3000", "dead 4500"]);
  assert.equal(clock.pending, 0);
});

Deno.test("HeartbeatWatch waits as long as it is told to, and never less than until it suspects", async () => {
  const patient = createWatch({ deadMs: 20_000 });
  await patient.clock.advance(60_000);
  assert.deepEqual(patient.told, ["suspect 3000", "dead 20000"]);
  const hasty = createWatch({ deadMs: 10 });
  await hasty.clock.advance(60_000);
  assert.deepEqual(hasty.told, ["dead 3000"]);
});

Deno.test("HeartbeatWatch counts from the last sign of life, whatever message it was", async () => {
  const { clock, told, watch } = createWatch();
  await clock.advance(2_500);
  watch.seen();
  await clock.advance(2_999);
  assert.deepEqual(told, []);
  await clock.advance(1);
  assert.deepEqual(told, ["suspect 5500"]);
  assert.equal(watch.beat(), true);
  assert.equal(watch.beat(), false);
  await clock.advance(60_000);
  assert.deepEqual(told.slice(1), ["suspect 8500", "dead 10000"]);
});

Deno.test("HeartbeatWatch blames a stall of its own isolate on nobody", async () => {
  const { clock, told, watch } = createWatch();
  // The timer runs before the beats that waited meanwhile are read.
  await clock.stall(30_000);
  assert.deepEqual(told, []);
  watch.beat();
  await clock.advance(2_999);
  assert.deepEqual(told, []);
});

Deno.test("HeartbeatWatch still finds an actor that hung during a stall", async () => {
  const { clock, told } = createWatch();
  await clock.stall(30_000);
  await clock.advance(10_000);
  assert.deepEqual(told, ["suspect 31000", "dead 32500"]);
});

Deno.test("HeartbeatWatch says nothing once it is stopped", async () => {
  const { clock, told, watch } = createWatch();
  watch.stop();
  await clock.advance(60_000);
  assert.deepEqual(told, []);
  assert.equal(clock.pending, 0);
});
