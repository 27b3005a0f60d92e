/**
 * The worker's side of a worker host. An entry file imports its program and
 * calls {@link runWorkerProgram}; nothing else of the runtime is loaded.
 *
 * @module
 */
import { Cell } from "./cell.ts";
import { RecentLatency, type Telemetry } from "./cell/cell_stats.ts";
import { collectGarbage } from "./garbage.ts";
import { CPU_FROM_BEAT, GARBAGE_EVERY_MS, LAG_SAMPLE_MS } from "./limits.ts";
import type { ActorProgram } from "./program.ts";
import { systemClock } from "./system_clock.ts";
import { keepQueriesOutOfSpans } from "./telemetry.ts";

export { behaviorProgram } from "./cell/behavior_program.ts";
export { recordedProgram } from "./cell/recorded_program.ts";

/** What this file uses of a worker's global scope, which the `dom` types do not describe. */
interface WorkerScope {
  postMessage(message: unknown): void;
  close(): void;
  addEventListener(
    type: "message",
    listener: (event: MessageEvent) => void,
  ): void;
  addEventListener(type: "error", listener: (event: ErrorEvent) => void): void;
  addEventListener(
    type: "unhandledrejection",
    listener: (event: PromiseRejectionEvent) => void,
  ): void;
}

/** What this file uses of the `process` that is there without an import. */
interface ProcessScope {
  process: { threadCpuUsage(): { user: number; system: number } };
}

/** Runs `program` in this worker. Called once, at the top level of the entry file. */
export function runWorkerProgram(program: ActorProgram): void {
  keepQueriesOutOfSpans();
  const scope = globalThis as unknown as WorkerScope;
  const cell = new Cell(program, {
    clock: systemClock,
    telemetry: createTelemetry(),
    ownsLoop: true,
    post: (message) => scope.postMessage(message),
    close: () => scope.close(),
  });
  // The owner would see a bare message; only in here is there a stack to report.
  scope.addEventListener("error", (event) => {
    event.preventDefault();
    cell.crash(event.error ?? event.message);
  });
  scope.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    cell.crash(event.reason);
  });
  scope.addEventListener("message", (event) => cell.handle(event.data));
}

function createTelemetry(): Telemetry {
  let beats = 0;
  const lag = new RecentLatency(systemClock);
  let expectedMs = systemClock.monotonicMs() + LAG_SAMPLE_MS;
  systemClock.every(LAG_SAMPLE_MS, () => {
    const nowMs = systemClock.monotonicMs();
    lag.record(Math.max(0, nowMs - expectedMs));
    expectedMs = nowMs + LAG_SAMPLE_MS;
  });
  let liveHeapBytes: number | null = null;
  collectGarbage(systemClock, {
    everyMs: GARBAGE_EVERY_MS,
    firstAfter: Math.random(),
    onCollected: () => liveHeapBytes = Deno.memoryUsage().heapUsed,
  });
  return {
    heapUsedBytes: () => Deno.memoryUsage().heapUsed,
    liveHeapBytes: () => liveHeapBytes,
    cpuMs: () => {
      beats++;
      if (beats < CPU_FROM_BEAT) return null;
      // Not imported, and not at once: it loads all of Node's layer, 20 ms and
      // 2 MiB a worker.
      const { process } = globalThis as unknown as ProcessScope;
      const { user, system } = process.threadCpuUsage();
      return (user + system) / 1_000;
    },
    loopLagMsP99: () => lag.percentile(0.99),
  };
}
