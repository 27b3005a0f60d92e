// deno-lint-ignore-file no-console -- a benchmark prints
/**
 * A million market ticks of 100 symbols from a fast feed to a slow actor: how
 * long questions to the slow actor take meanwhile, and what it costs in memory.
 *
 *     deno run --allow-read tests/bench/flood_bench.ts
 *
 * @module
 */
import {
  createSupervisor,
  createWorkerHost,
  NO_PERMISSIONS,
  type Supervisor,
  systemClock,
} from "../../actors/mod.ts";
import type { FloodProgress } from "../actors/fixtures/flood_worker.ts";

const TICKS = 1_000_000;
const WARM_UP_TICKS = 20_000;
const KEYS = 100;
const BATCH = 200;
const MIB = 1_048_576;
const DEADLINE = { deadlineMs: 30_000 };

async function startEnd(supervisor: Supervisor, id: string): Promise<void> {
  await supervisor.start({
    id,
    kind: "agent",
    restart: "transient",
    createHost: () =>
      createWorkerHost({
        entry: new URL("../actors/fixtures/flood_worker.ts", import.meta.url),
        name: id,
        permissions: NO_PERMISSIONS,
      }),
    loadInit: () => Promise.resolve({ config: null, snapshot: null }),
  });
}

/** Floods, and asks the slow end one question after the other until it has seen the last tick. */
async function flood(supervisor: Supervisor, ticks: number) {
  const latencies: number[] = [];
  const before = await supervisor.ask("slow", null) as FloodProgress;
  const sent = supervisor.ask("feed", { ticks, keys: KEYS, batch: BATCH }, {
    deadlineMs: DEADLINE.deadlineMs,
  });
  let maxRssBytes = 0;
  let complete = 0;
  while (complete < KEYS) {
    const askedMs = performance.now();
    // deno-lint-ignore no-await-in-loop -- one question at a time is what is measured
    const progress = await supervisor.ask("slow", null) as FloodProgress;
    latencies.push(performance.now() - askedMs);
    complete = progress.completeKeys - before.completeKeys;
    maxRssBytes = Math.max(maxRssBytes, Deno.memoryUsage().rss);
  }
  await sent;
  return { latencies, maxRssBytes };
}

const supervisor = createSupervisor({
  clock: systemClock,
  random: Math.random,
  onEvent: () => {},
});
await startEnd(supervisor, "feed");
await startEnd(supervisor, "slow");
supervisor.connect({ from: "feed", to: "slow", fromLink: "out", toLink: "in" });
// Code is compiled and heaps have their size before anything is compared.
await flood(supervisor, WARM_UP_TICKS);
const rssBytes = Deno.memoryUsage().rss;
const { latencies, maxRssBytes } = await flood(supervisor, TICKS);
const sorted = latencies.toSorted((a, b) => a - b);
const at = (fraction: number) =>
  Number(sorted[Math.floor(fraction * (sorted.length - 1))]!.toFixed(4));
console.log(JSON.stringify({
  name: "actors.flood_control_ask",
  unit: "ms",
  n: sorted.length,
  p50: at(0.5),
  p99: at(0.99),
  max: at(1),
}));
console.log(JSON.stringify({
  name: "actors.flood_memory",
  unit: "MiB",
  n: TICKS,
  value: Number(((maxRssBytes - rssBytes) / MIB).toFixed(1)),
}));
await supervisor.drain({ deadlineMs: 1_000 });
