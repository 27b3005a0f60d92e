// deno-lint-ignore-file no-console -- a benchmark prints
/**
 * From a signal that leaves its source's worker, over an executor in its real
 * worker, to the bytes that the exchange library hands to the socket in the
 * desk's worker, journal write included, against the fake venue in a process of
 * its own. Each figure is also given by stage: source to executor, the
 * executor's own work and the way to the desk, and the desk.
 *
 *     deno run -A tests/bench/executor_bench.ts
 *
 * @module
 */
import type { Supervisor } from "../../actors/mod.ts";
import type { AgentVitalsAnswer } from "../../agents/queries.ts";
import { LatencyHistogram } from "../../lib/core/histogram.ts";
import { withTempDir } from "../support/temp.ts";
import { EXECUTORS, MARKET, startExecutors } from "./wire/executors.ts";
import { DESK, startVenue } from "./wire/setup.ts";
import type { DeskStamps, Stamps } from "./wire/stamps.ts";

const ENTRIES_PER_SECOND = 25;
const WARM_UP_MS = 6_000;
const MEASURED_MS = 20_000;
const READY_MS = 5_000;
/** What is under way arrives. */
const SETTLE_MS = 1_000;

const STAGES = ["total", "to_desk", "desk"] as const;
type Measured = Record<(typeof STAGES)[number], LatencyHistogram>;

async function measure(supervisor: Supervisor, ms: number): Promise<Measured> {
  const ask = (id: string, type: string) =>
    supervisor.ask(id, { type, entriesPerSecond: ENTRIES_PER_SECOND });
  await Promise.all([ask(MARKET, "stamps"), ask(DESK, "stamps")]);
  await ask(MARKET, "start");
  await pause(ms);
  await ask(MARKET, "stop");
  await pause(SETTLE_MS);
  const signalled = await ask(MARKET, "stamps") as Stamps;
  const { arrived, sent } = await ask(DESK, "stamps") as DeskStamps;
  const measured: Measured = {
    total: new LatencyHistogram(),
    to_desk: new LatencyHistogram(),
    desk: new LatencyHistogram(),
  };
  for (const [agentKey, signals] of Object.entries(signalled)) {
    const orders = sent[agentKey] ?? [];
    for (const wireMs of orders) {
      // Signals to one executor are far apart: an order is of the last one before it.
      const signalMs = lastBefore(signals, wireMs);
      const heardMs = lastBefore(arrived[agentKey] ?? [], wireMs);
      if (signalMs === null || heardMs === null) continue;
      measured.total.record(wireMs - signalMs);
      measured.to_desk.record(heardMs - signalMs);
      measured.desk.record(wireMs - heardMs);
    }
    // On a busy machine an entry may come while the one before is still being withdrawn.
    const passedOver = signals.length - orders.length;
    if (passedOver > 0) {
      console.error(
        `${agentKey} passed over ${passedOver} of ${signals.length} signals`,
      );
    }
  }
  if (measured.total.count === 0) throw new Error("Nothing was measured");
  return measured;
}

/** The newest of ascending times that is not after `ms`; null for none. */
function lastBefore(times: readonly number[], ms: number): number | null {
  return times.findLast((time) => time <= ms) ?? null;
}

function print(measured: Measured): void {
  const inMs = (value: number | null) => Number(value!.toFixed(3));
  for (const stage of STAGES) {
    const histogram = measured[stage];
    const name = "executor.signal_to_wire";
    console.log(JSON.stringify({
      name: stage === "total" ? name : `${name}.${stage}`,
      unit: "ms",
      n: histogram.count,
      p50: inMs(histogram.percentile(0.5)),
      p99: inMs(histogram.percentile(0.99)),
      p999: inMs(histogram.percentile(0.999)),
      max: inMs(histogram.maxMs),
    }));
  }
}

/** The executors' own figures, with those of the warm-up. */
async function printVitals(supervisor: Supervisor): Promise<void> {
  for (const { agentId } of EXECUTORS) {
    // deno-lint-ignore no-await-in-loop -- a few questions
    const { latency, lastDecision } = await supervisor.ask(agentId, {
      type: "vitals",
    }) as AgentVitalsAnswer;
    console.error(`${agentId}: ${JSON.stringify(latency)}; ${lastDecision}`);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

await withTempDir(async (folder) => {
  const venue = await startVenue();
  const supervisor = await startExecutors(folder, venue.url);
  await pause(READY_MS);
  try {
    await measure(supervisor, WARM_UP_MS);
    print(await measure(supervisor, MEASURED_MS));
  } finally {
    await printVitals(supervisor);
  }
  await supervisor.drain({ deadlineMs: 5_000 });
  await venue.stop();
});
