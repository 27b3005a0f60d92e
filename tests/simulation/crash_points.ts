/**
 * Row 8 of the test matrix, exhaustively: small stories in which the host is
 * killed at every single point, one run a point. In the first one an agent is
 * spawned, trades, is paused, resumed and stopped; in the others it is stopped
 * with a position open, which is to be closed or to be kept.
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

/** Small enough for crash points within the start of a segment. */
const SEGMENT_BYTES = 1_024;

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
    segmentBytes: SEGMENT_BYTES,
    // All go that nobody needs, so that a kill may come in the middle of it.
    endedBytes: 0,
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

/** Points after a stop that are tried: with the last of them the stop is long over. */
const STOP_POINTS = 160;

/** When the agent of the stop stories has a position open. */
const STOP_AT_MS = 7_500;

type OnStep = (line: string) => void;

/** A story with the points at which its host can be killed. */
export interface CrashStory {
  name: string;
  /** Number of its points. */
  countPoints(): Promise<number>;
  /** Runs it and kills the host at one point, counted from 1. */
  run(point: number, onStep?: OnStep): Promise<RunResult>;
}

/** All of them. */
export const CRASH_STORIES: readonly CrashStory[] = [
  {
    name: "life",
    countPoints: async () =>
      (await runSeed(SEED, { scenario: smallScenario() })).points,
    run: (point, onStep) =>
      runSeed(SEED, {
        scenario: smallScenario(),
        dieAtPoint: point,
        ...watched(onStep),
      }),
  },
  stopStory("stop-close", "close"),
  stopStory("stop-keep", "keep"),
];

function stopStory(
  name: string,
  positions: CommandPlan["positions"],
): CrashStory {
  return {
    name,
    countPoints: () => Promise.resolve(STOP_POINTS),
    run: (point, onStep) =>
      runSeed(SEED, {
        scenario: stopScenario(positions, point),
        ...watched(onStep),
      }),
  };
}

function watched(onStep: OnStep | undefined): { onStep?: OnStep } {
  return onStep === undefined ? {} : { onStep };
}

/** An agent with an open position is stopped, and the host dies so many points later. */
export function stopScenario(
  positions: CommandPlan["positions"],
  afterPoints: number,
): Scenario {
  const { agents, ...small } = smallScenario();
  return {
    ...small,
    chaosMs: STOP_AT_MS + 5_000,
    agents: agents.map((plan) => ({ ...plan, candles: 240 })),
    commands: [{
      atMs: STOP_AT_MS,
      agent: 0,
      action: "stop",
      positions,
      isRepeated: false,
    }],
    faults: [{
      atMs: STOP_AT_MS,
      kind: "kill_host",
      afterPoints,
      isPowerCut: false,
    }],
  };
}
