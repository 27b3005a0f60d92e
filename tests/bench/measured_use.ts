// deno-lint-ignore-file no-console -- a benchmark prints
import type { MeasuredAgent } from "./measured_agents.ts";

/** Beats, one a second, until a worker is warm: its history is decided and its CPU time is told. */
const WARM_BEATS = 20;
const MEASURED_BEATS = 30;
const MIB = 1_048_576;
const MINUTE_MS = 60_000;

/** What one agent used while it was measured. */
export interface Use {
  label: string;
  cores: number;
  candlesPerMinute: number;
  messagesPerMinute: number;
  heapMiBMin: number;
  heapMiBMax: number;
  estimate: MeasuredAgent["estimate"];
}

/** Prints one figure as a line of JSON. */
export function print(name: string, unit: string, value: number, n = 1): void {
  console.log(JSON.stringify({
    name,
    unit,
    n,
    value: Number(value.toPrecision(4)),
  }));
}

/** Measures a warm agent over half a minute, or until its replay ends. */
export async function measure(agent: MeasuredAgent): Promise<Use> {
  const all = await agent.beats(WARM_BEATS + MEASURED_BEATS);
  const beats = all.slice(WARM_BEATS);
  const [first, last] = [beats[0]!, beats.at(-1)!];
  const spanMs = last.at - first.at;
  const perMinute = (count: number) => count / spanMs * MINUTE_MS;
  const heaps = all.map(({ heapUsedBytes }) => heapUsedBytes! / MIB);
  return {
    label: agent.label,
    cores: (last.cpuMs! - first.cpuMs!) / spanMs,
    candlesPerMinute: perMinute(last.candles - first.candles),
    messagesPerMinute: perMinute(
      last.processed + last.sent - first.processed - first.sent,
    ),
    heapMiBMin: Math.min(...heaps),
    heapMiBMax: Math.max(...heaps),
    estimate: agent.estimate,
  };
}

/** Prints what an agent used, and what its estimate was off by. */
export function printUse(use: Use): void {
  const { label, estimate } = use;
  print(`resources.cores.${label}`, "cores", use.cores);
  print(`resources.candles.${label}`, "1/min", use.candlesPerMinute);
  print(`resources.messages.${label}`, "1/min", use.messagesPerMinute);
  print(`resources.heap_min.${label}`, "MiB", use.heapMiBMin);
  print(`resources.heap_max.${label}`, "MiB", use.heapMiBMax);
  print(`resources.ratio.${label}.cores`, "×", use.cores / estimate.cores);
  print(
    `resources.ratio.${label}.heap`,
    "×",
    use.heapMiBMax / estimate.heapMiB!,
  );
  // What is due once in a day is not seen in half a minute.
  if (use.messagesPerMinute === 0) return;
  print(
    `resources.ratio.${label}.messages`,
    "×",
    use.messagesPerMinute / estimate.messagesPerMinute,
  );
}
