/**
 * Figures of the runtime, one JSON line each: round trip over a link between
 * two workers next to a bare message port, spawn, and restart after a crash.
 *
 *     deno run --allow-read tests/bench/runtime_bench.ts
 *
 * @module
 */
import {
  type ChildSpec,
  createSupervisor,
  createWorkerHost,
  NO_PERMISSIONS,
  type Supervisor,
  systemClock,
} from "../../actors/mod.ts";
import { EventLog } from "../actors/harness.ts";
import { printTimes } from "./print_times.ts";

const WARM_UP = 5_000;
const ROUND_TRIPS = 20_000;
const SPAWNS = 40;

const fixture = (name: string) =>
  new URL(`../actors/fixtures/${name}_worker.ts`, import.meta.url);

function createSpec(id: string, entry: string): ChildSpec {
  return {
    id,
    kind: "agent",
    restart: "transient",
    createHost: () =>
      createWorkerHost({
        entry: fixture(entry),
        name: id,
        permissions: NO_PERMISSIONS,
      }),
    loadInit: () => Promise.resolve({ config: { step: 1 }, snapshot: null }),
    backoff: { minMs: 0, maxMs: 0, factor: 1, jitter: 0, resetAfterMs: 1 },
    budget: { restarts: 1_000, windowMs: 1 },
  };
}

async function benchLink(supervisor: Supervisor): Promise<void> {
  await supervisor.start(createSpec("ping", "ping"));
  await supervisor.start(createSpec("pong", "ping"));
  supervisor.connect({
    from: "ping",
    to: "pong",
    fromLink: "peer",
    toLink: "peer",
  });
  const deadline = { deadlineMs: 30_000 };
  await supervisor.ask("ping", WARM_UP, deadline);
  const latencies = await supervisor.ask("ping", ROUND_TRIPS, deadline);
  printTimes("actors.link_round_trip", latencies as number[], 4);
  for (const id of ["ping", "pong"]) {
    await supervisor.stop(id, { reason: "Measured", mode: "stop" });
  }
}

async function benchRawPort(): Promise<void> {
  const workers = [0, 1].map(() =>
    new Worker(fixture("raw_ping"), { type: "module" })
  );
  const { port1, port2 } = new MessageChannel();
  const answer = (worker: Worker) =>
    new Promise<unknown>((resolve) => {
      worker.onmessage = (event) => resolve(event.data);
    });
  const ready = answer(workers[1]!);
  workers[1]!.postMessage({ port: port2, count: 0 }, [port2]);
  await ready;
  const measured = answer(workers[0]!);
  workers[0]!.postMessage({ port: port1, count: WARM_UP + ROUND_TRIPS }, [
    port1,
  ]);
  printTimes(
    "actors.raw_port_round_trip",
    (await measured as number[]).slice(WARM_UP),
    4,
  );
  for (const worker of workers) worker.terminate();
}

async function benchSpawn(supervisor: Supervisor, log: EventLog) {
  const spawns: number[] = [];
  const restarts: number[] = [];
  for (let round = 0; round < SPAWNS; round++) {
    const id = `spawn ${round}`;
    const startedMs = performance.now();
    await supervisor.start(createSpec(id, "counter"));
    spawns.push(performance.now() - startedMs);
    const back = log.nextState(id, "backing_off")
      .then(() => log.nextState(id, "running"));
    const crashedMs = performance.now();
    supervisor.ask(id, { type: "throw_later" }).catch(() => {});
    await back;
    restarts.push(performance.now() - crashedMs);
  }
  printTimes("actors.spawn", spawns, 4);
  printTimes("actors.crash_to_running", restarts, 4);
}

const log = new EventLog();
const supervisor = createSupervisor({
  clock: systemClock,
  random: Math.random,
  onEvent: log.onEvent,
});
await benchRawPort();
await benchLink(supervisor);
await benchSpawn(supervisor, log);
await supervisor.drain({ deadlineMs: 1_000 });
