import assert from "node:assert/strict";
import { processCpuMs, threadCpuMs } from "../../../lib/server/cpu_time.ts";

Deno.test("processCpuMs() and threadCpuMs() grow with work, the process at least as much as its thread", () => {
  const before = { process: processCpuMs(), thread: threadCpuMs() };
  let sum = 0;
  while (threadCpuMs() - before.thread < 20) sum += Math.sqrt(sum + 1);
  assert.ok(processCpuMs() - before.process >= 20, `after work on ${sum}`);
});
