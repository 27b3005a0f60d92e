import { mixedAgents } from "./agents.ts";
import {
  SAMPLE_EVERY_MS,
  SIMULATION_SPEED,
  WARM_UP_MAX_MS,
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
  agents: number;
  /** Told of each look. */
  onSample(sample: SoakSample): void;
}

/** How much of the begin is not judged: caches fill and code is compiled. */
export function warmUpMs(minutes: number): number {
  return Math.min(WARM_UP_MAX_MS, minutes * 60_000 * WARM_UP_SHARE);
}

/** Lets a real server run with agents of several types, and looks at it all the time. */
export async function runSoak(options: SoakOptions): Promise<SoakVerdict> {
  const { folder, signal, minutes, agents, onSample } = options;
  const env = { SIMULATION_SPEED: String(SIMULATION_SPEED) };
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
      onSample(sample);
      if (sample.atMs >= warmUpMs(minutes)) samples.push(sample);
      // deno-lint-ignore no-await-in-loop -- the pause between two looks
      await pause(SAMPLE_EVERY_MS, signal);
    }
    return judge(samples);
  });
}
