import assert from "node:assert/strict";
import { collectGarbage } from "../../actors/garbage.ts";
import { GARBAGE_EVERY_MS, GARBAGE_TIME_SHARE } from "../../actors/limits.ts";
import { type Clock, createSimulatedClock } from "../../actors/mod.ts";

const scope = globalThis as { gc?: () => void };

Deno.test("collectGarbage() collects once within the first interval, and then every interval", async () => {
  const clock = createSimulatedClock();
  const atMs: number[] = [];
  scope.gc = () => void atMs.push(clock.monotonicMs());
  try {
    collectGarbage(clock, {
      everyMs: GARBAGE_EVERY_MS,
      firstAfter: 0.25,
    });
  } finally {
    delete scope.gc;
  }
  await clock.advance(3 * GARBAGE_EVERY_MS);
  const firstMs = 0.25 * GARBAGE_EVERY_MS;
  assert.deepEqual(atMs, [
    firstMs,
    firstMs + GARBAGE_EVERY_MS,
    firstMs + 2 * GARBAGE_EVERY_MS,
  ]);
});

Deno.test("collectGarbage() comes more rarely where a collection takes long, and ends when it is cancelled", async () => {
  const simulated = createSimulatedClock();
  let tookMs = 0;
  const clock: Clock = {
    nowMs: () => simulated.nowMs(),
    monotonicMs: () => simulated.monotonicMs() + tookMs,
    after: (delayMs, run) => simulated.after(delayMs, run),
    every: (intervalMs, run) => simulated.every(intervalMs, run),
  };
  const atMs: number[] = [];
  scope.gc = () => {
    atMs.push(simulated.monotonicMs());
    tookMs += 300;
  };
  let timer;
  try {
    timer = collectGarbage(clock, { everyMs: 60_000, firstAfter: 0 });
  } finally {
    delete scope.gc;
  }
  await simulated.advance(900_000);
  const restMs = 300 / GARBAGE_TIME_SHARE;
  assert.deepEqual(atMs, [0, restMs, 2 * restMs, 3 * restMs]);
  timer!.cancel();
  assert.equal(simulated.pending, 0);
});

Deno.test("collectGarbage() sets no timer in an engine that was started without the flag", () => {
  const clock = createSimulatedClock();
  const timer = collectGarbage(clock, {
    everyMs: GARBAGE_EVERY_MS,
    firstAfter: 0,
  });
  assert.equal(timer, null);
  assert.equal(clock.pending, 0);
});

Deno.test("collectGarbage() takes what an actor has dropped from its heap in an engine with the flag", async () => {
  const fixture = new URL("./fixtures/garbage.ts", import.meta.url);
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--cached-only", "--v8-flags=--expose-gc", fixture.href],
    stderr: "inherit",
  }).output();
  const { droppedMiB, takenMiB } = JSON.parse(
    new TextDecoder().decode(stdout),
  );
  assert.ok(takenMiB > droppedMiB / 2, `${takenMiB} of ${droppedMiB} MiB`);
});
