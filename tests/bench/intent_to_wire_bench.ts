// deno-lint-ignore-file no-console -- a benchmark prints
/**
 * From the decision in an agent's worker to the bytes that the exchange library
 * hands to the socket in the desk's worker, journal write included, at 250
 * intents a second against the fake venue in a process of its own; and the same
 * while the main isolate is busy 8 of every 40 ms, as with a busy panel, and
 * with so few intents that none waits for another. Each figure is also given by
 * part: the link between the workers, and the desk.
 *
 *     deno run -A tests/bench/intent_to_wire_bench.ts
 *
 * @module
 */
import type { Supervisor } from "../../actors/mod.ts";
import { LatencyHistogram } from "../../lib/core/histogram.ts";
import { withTempDir } from "../support/temp.ts";
import { AGENT, DESK, startTrading, startVenue } from "./wire/setup.ts";
import type { DeskStamps, Stamps } from "./wire/stamps.ts";

const INTENTS_PER_SECOND = 250;
/** So few that none waits for another. */
const FEW_PER_SECOND = 25;
const WARM_UP_MS = 6_000;
const MEASURED_MS = 10_000;
const READY_MS = 5_000;

const BUSY_EVERY_MS = 40;
const BUSY_MS = 8;

/** How long intents took, altogether and by part. */
interface Measured {
  total: LatencyHistogram;
  /** From the decision until the desk's worker hears it. */
  link: LatencyHistogram;
  /** From there to the socket: controls, journal, exchange library. */
  desk: LatencyHistogram;
  busyShare: number;
}

/** Trades for a while at a rate. */
async function measure(
  supervisor: Supervisor,
  { ms, intentsPerSecond }: { ms: number; intentsPerSecond: number },
): Promise<Measured> {
  const ask = (id: string, type: string) =>
    supervisor.ask(id, { type, intentsPerSecond });
  await Promise.all([ask(AGENT, "stamps"), ask(DESK, "stamps")]);
  await ask(AGENT, "start");
  await pause(ms);
  await ask(AGENT, "stop");
  // What is under way arrives.
  await pause(500);
  const { stamps: decided, denied } = await ask(AGENT, "stamps") as {
    stamps: Stamps;
    denied: string[];
  };
  const { arrived, sent, busyShare } = await ask(DESK, "stamps") as DeskStamps;
  const measured: Measured = {
    total: new LatencyHistogram(),
    link: new LatencyHistogram(),
    desk: new LatencyHistogram(),
    busyShare,
  };
  for (const [agentKey, times] of Object.entries(decided)) {
    const heardMs = arrived[agentKey] ?? [];
    const wireMs = sent[agentKey] ?? [];
    if (wireMs.length !== times.length || heardMs.length !== times.length) {
      throw new Error(
        `Agent ${agentKey} decided ${times.length} times, ${heardMs.length} were heard and ${wireMs.length} orders left, ${denied.length} were denied: ${
          [...new Set(denied)].slice(0, 5).join("; ")
        }`,
      );
    }
    times.forEach((decidedMs, index) => {
      measured.total.record(wireMs[index]! - decidedMs);
      measured.link.record(heardMs[index]! - decidedMs);
      measured.desk.record(wireMs[index]! - heardMs[index]!);
    });
  }
  return measured;
}

function print(name: string, measured: Measured): void {
  const inMs = (value: number | null) => Number(value!.toFixed(3));
  for (const part of ["total", "link", "desk"] as const) {
    const histogram = measured[part];
    console.log(JSON.stringify({
      name: part === "total" ? name : `${name}.${part}`,
      unit: "ms",
      n: histogram.count,
      p50: inMs(histogram.percentile(0.5)),
      p99: inMs(histogram.percentile(0.99)),
      p999: inMs(histogram.percentile(0.999)),
      max: inMs(histogram.maxMs),
    }));
  }
  const busyPct = Math.round(100 * measured.busyShare);
  console.error(`The desk's worker computed ${busyPct} % of the time`);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** What a panel with many readers does to the main isolate. */
function keepBusy(): () => void {
  const timer = setInterval(() => {
    const untilMs = performance.now() + BUSY_MS;
    while (performance.now() < untilMs);
  }, BUSY_EVERY_MS);
  return () => clearInterval(timer);
}

await withTempDir(async (folder) => {
  const venue = await startVenue();
  const supervisor = await startTrading(folder, venue.url);
  await pause(READY_MS);
  const full = { ms: MEASURED_MS, intentsPerSecond: INTENTS_PER_SECOND };
  await measure(supervisor, { ...full, ms: WARM_UP_MS });
  print("desk.intent_to_wire", await measure(supervisor, full));
  const end = keepBusy();
  print("desk.intent_to_wire_busy_panel", await measure(supervisor, full));
  end();
  // What of it is waiting behind other orders.
  const few = { ...full, intentsPerSecond: FEW_PER_SECOND };
  print("desk.intent_to_wire_few", await measure(supervisor, few));
  await supervisor.drain({ deadlineMs: 5_000 });
  await venue.stop();
});
