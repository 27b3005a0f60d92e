/**
 * Row 8 of the test matrix, exhaustively: one agent is spawned, trades, is
 * paused, resumed and stopped, and the host is killed at every single point of
 * it, one run a point.
 *
 * @module
 */
import { TEMPLATES } from "../../agents/mod.ts";
import type { RunResult } from "./run.ts";
import { runSeed } from "./run.ts";
import type { CommandPlan, Scenario } from "./scenario.ts";

/** A short file on which the agent trades at once. */
const CANDLES = 40;

const SEED = 5;

/** The small scenario. */
export function smallScenario(): Scenario {
  const config = structuredClone(TEMPLATES[2]!.config);
  config.detector.swingLength = 2;
  config.strategies.fvg = {
    ...config.strategies.fvg,
    minGapAtr: 0,
    minBodyPct: 0,
    minRewardRisk: 0.5,
    targetR: 1,
  };
  const command = (
    atMs: number,
    action: CommandPlan["action"],
  ): CommandPlan => ({
    atMs,
    agent: 0,
    action,
    positions: "close",
    isRepeated: false,
  });
  return {
    seed: SEED,
    chaosMs: 6_000,
    agents: [{
      config: {
        ...config,
        name: "agent-0",
        seed: SEED,
        feed: { kind: "replay", file: "candles-0.csv", speed: 600 },
      },
      atMs: 100,
      candles: CANDLES,
      isLeftAlone: false,
    }],
    commands: [
      command(3_000, "pause"),
      command(3_400, "resume"),
      command(5_300, "stop"),
    ],
    faults: [],
  };
}

/** Points of the small scenario at which the host can be killed. */
export async function countCrashPoints(): Promise<number> {
  const { points } = await runSeed(SEED, { scenario: smallScenario() });
  return points;
}

/** Runs the small scenario and kills the host at one point. */
export function runCrashPoint(point: number): Promise<RunResult> {
  return runSeed(SEED, { scenario: smallScenario(), dieAtPoint: point });
}
