import { detectors } from "./agents.ts";
import {
  BACKGROUND_AGENTS,
  MESSAGES_PER_SECOND,
  simulationSpeed,
} from "./limits.ts";
import type { StepFigures } from "./measured.ts";
import { measureRequests } from "./measure_requests.ts";
import { measureSignals } from "./measure_signals.ts";
import { measureStreams, viewersFor } from "./measure_streams.ts";
import { withRig } from "./rig.ts";

/** What is to be driven. */
export interface LoadOptions {
  folder: string;
  signal: AbortSignal;
  agents: number;
  clients: number;
  /** Of each step. */
  seconds: number;
  onStep(step: StepFigures): void;
}

/** Drives a real server with rising load; the agents come last, because they stay. */
export async function runLoad(
  options: LoadOptions,
): Promise<readonly StepFigures[]> {
  const { folder, signal, agents, clients, seconds, onStep } = options;
  const forMs = seconds * 1_000;
  const steps: StepFigures[] = [];
  const take = async (measured: AsyncIterable<StepFigures>) => {
    for await (const step of measured) {
      steps.push(step);
      onStep(step);
    }
  };
  await withRig({
    folder,
    signal,
    viewers: viewersFor(clients),
    env: { SIMULATION_SPEED: simulationSpeed(MESSAGES_PER_SECOND) },
  }, async (rig) => {
    const background = Math.min(BACKGROUND_AGENTS, agents);
    const ids = await rig.spawn(detectors(background));
    await take(measureStreams(rig, { clientsMax: clients, forMs }));
    await take(measureRequests(rig, { agents: ids, forMs }));
    await resumeAll(rig, ids);
    await take(measureSignals(rig, {
      agentsMax: agents,
      forMs,
      runningAlready: background,
    }));
  });
  return steps;
}

/** Writes leave some agents paused. */
async function resumeAll(
  rig: Parameters<Parameters<typeof withRig>[1]>[0],
  ids: readonly string[],
): Promise<void> {
  const token = await rig.token();
  await Promise.all(ids.map(async (id) => {
    const response = await rig.request("POST", `/api/agents/${id}/control`, {
      token,
      body: { action: "resume", reason: "load" },
    });
    await response.body?.cancel();
  }));
}
