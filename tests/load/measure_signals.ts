import { detectors } from "./agents.ts";
import {
  bucketsBetween,
  byLabel,
  quantileOf,
  type Sample,
} from "./exposition.ts";
import {
  AGENT_STEPS,
  MESSAGES_PER_SECOND,
  SIGNAL_P99_MS,
  WARM_UP_MS,
} from "./limits.ts";
import { measureStep, type StepFigures } from "./measured.ts";
import { pause, type Rig } from "./rig.ts";

/**
 * More and more agents, each with a candle every 100 ms. A signal is timed by
 * the workers themselves, from leaving its sender to the end of its handling,
 * on a clock that all of them read. Markets wait for their agents, so what
 * cannot be kept up with shows as candles that do not come.
 */
export async function* measureSignals(
  rig: Rig,
  { agentsMax, forMs, runningAlready }: {
    agentsMax: number;
    forMs: number;
    runningAlready: number;
  },
): AsyncGenerator<StepFigures> {
  let running = runningAlready;
  for (const step of AGENT_STEPS.filter((agents) => agents <= agentsMax)) {
    await rig.spawn(detectors(step - running, running));
    running = step;
    await pause(WARM_UP_MS, rig.signal);
    yield await measureStep(rig, async () => {
      const before = await rig.metrics();
      await pause(forMs, rig.signal);
      const after = await rig.metrics();
      const buckets = bucketsBetween("smc_message_seconds", before, after);
      const toMs = (value: number | null) =>
        value === null ? null : value * 1_000;
      return {
        what: "signal",
        step,
        p50Ms: toMs(quantileOf(buckets, 0.5)),
        p99Ms: toMs(quantileOf(buckets, 0.99)),
        limitMs: SIGNAL_P99_MS,
        doneShare: candlesPerSecond(after) / MESSAGES_PER_SECOND,
      };
    });
  }
}

/** Candles a second that an agent handles, of the slowest tenth: half of its messages are candles. */
function candlesPerSecond(samples: readonly Sample[]): number {
  const rates = [
    ...byLabel(samples, {
      name: "smc_agent_messages_per_second",
      label: "agent",
    }).values(),
  ].toSorted((a, b) => a - b);
  return (rates[Math.floor(rates.length / 10)] ?? 0) / 2;
}
