import assert from "node:assert/strict";
import {
  isOverloaded,
  processCpuMs,
  threadCpuMs,
} from "../../../lib/server/cpu_time.ts";

/** A thread's time is counted in ticks of ten milliseconds, the process's is exact. */
const TICK_MS = 10;

Deno.test("processCpuMs() and threadCpuMs() grow with work, the process at least as much as its thread", () => {
  const before = { process: processCpuMs(), thread: threadCpuMs() };
  let sum = 0;
  while (threadCpuMs() - before.thread < 5 * TICK_MS) sum += Math.sqrt(sum + 1);
  const spentMs = processCpuMs() - before.process;
  assert.ok(spentMs >= 3 * TICK_MS, `${spentMs} ms of work on ${sum}`);
});

Deno.test("isOverloaded() compares what waits for the processors with their number", () => {
  const [load] = Deno.loadavg();
  const margin = Math.abs(load! - navigator.hardwareConcurrency);
  // So near to the border it may have changed by now.
  if (margin < 0.5) return;
  assert.equal(isOverloaded(), load! > navigator.hardwareConcurrency);
});
