import process from "node:process";
import {
  type ChildSpec,
  createSupervisor,
  createWorkerHost,
  NO_PERMISSIONS,
  type Supervisor,
  systemClock,
} from "../../actors/mod.ts";
import { EventLog } from "./harness.ts";

/** A supervisor on the real clock whose children run in Deno Workers without permissions. */
export interface WorkerHarness {
  supervisor: Supervisor;
  log: EventLog;
  /** Starts a child of a fixture, for instance `counter`. */
  start(
    id: string,
    entry: string,
    options?: Partial<ChildSpec>,
  ): Promise<void>;
}

const toMs = ({ user, system }: { user: number; system: number }) =>
  (user + system) / 1_000;

/** Creates a harness as the platform runs it: with the default budget and backoff. */
export function createWorkerHarness(): WorkerHarness {
  const log = new EventLog();
  const supervisor = createSupervisor({
    clock: systemClock,
    random: () => 0.5,
    onEvent: log.onEvent,
    processCpuMs: () => toMs(process.cpuUsage()),
    mainCpuMs: () => toMs(process.threadCpuUsage()),
  });
  return {
    supervisor,
    log,
    start: (id, entry, options) =>
      supervisor.start({
        id,
        kind: "agent",
        restart: "transient",
        createHost: () =>
          createWorkerHost({
            entry: new URL(`./fixtures/${entry}_worker.ts`, import.meta.url),
            name: id,
            permissions: NO_PERMISSIONS,
          }),
        loadInit: () =>
          Promise.resolve({ config: { step: 1 }, snapshot: null }),
        ...options,
      }),
  };
}

/** Defines a test with such a supervisor, which is drained at the end whatever happens. */
export function workerTest(
  name: string,
  test: (harness: WorkerHarness) => Promise<void>,
): void {
  Deno.test(name, async () => {
    const harness = createWorkerHarness();
    try {
      await test(harness);
    } finally {
      await harness.supervisor.drain({ deadlineMs: 0 });
    }
  });
}
