import { mixedAgents } from "./agents.ts";
import {
  SAMPLE_EVERY_MS,
  simulationSpeed,
  WARM_UP_MAX_MINUTES,
  WARM_UP_SHARE,
} from "./limits.ts";
import { pause, withRig } from "./rig.ts";
import { type SoakSample, takeSample } from "./soak_sample.ts";
import { judge, type SoakVerdict } from "./soak_verdict.ts";

/** How long, with how much. */
export interface SoakOptions {
  folder: string;
  signal: AbortSignal;
  minutes: number;
  /** How much of the begin is not judged. */
  warmUpMinutes: number;
  agents: number;
  /** Of each market. */
  candlesPerSecond: number;
  /** Told of each look. */
  onSample(sample: SoakSample): void;
}

/** How much of the begin is not judged where nobody says: caches fill and code is compiled. */
export function warmUpMinutes(minutes: number): number {
  return Math.min(WARM_UP_MAX_MINUTES, minutes * WARM_UP_SHARE);
}

/** Lets a real server run with agents of several types, and looks at it all the time. */
export async function runSoak(options: SoakOptions): Promise<SoakVerdict> {
  const { folder, signal, minutes, agents, candlesPerSecond } = options;
  const env = { SIMULATION_SPEED: simulationSpeed(candlesPerSecond) };
  return await withRig({ folder, signal, env }, async (rig) => {
    for (const group of mixedAgents(agents)) {
      // deno-lint-ignore no-await-in-loop -- who listens comes after whom it listens to
      await rig.spawn(group);
    }
    const samples: SoakSample[] = [];
    const begunMs = performance.now();
    const elapsedMs = () => performance.now() - begunMs;
    while (elapsedMs() < minutes * 60_000) {
      // deno-lint-ignore no-await-in-loop -- one look after the other
      const sample = await takeSample(rig, elapsedMs());
      options.onSample(sample);
      if (sample.atMs >= options.warmUpMinutes * 60_000) {
        samples.push(sample);
      }
      // deno-lint-ignore no-await-in-loop -- the pause between two looks
      await pause(SAMPLE_EVERY_MS, signal);
    }
    return judge(samples, { candlesPerSecond });
  });
}
