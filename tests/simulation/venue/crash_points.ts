/**
 * Every point of one order's way, one run a point: the agent decides, the order
 * is recorded, sent, acknowledged and filled, its protection follows. At each of
 * them the process dies, once with the power on and once with the power cut.
 *
 * @module
 */
import { runVenueSeed, type VenueRunResult } from "./run.ts";
import { calmScenario, type VenueScenario } from "./scenario.ts";

/** A seed whose first decision is an entry at the market. */
const SEED = 4;

/** Two candles: one decision and its consequences. */
const STORY_MS = 45_000;

/** Enough for a restart, the proof of an absence and the end of everything. */
const STORY_REST_MS = 90_000;

/** The story of the crash points. */
export function placeOrderScenario(): VenueScenario {
  return calmScenario(SEED, { runMs: STORY_MS, restMs: STORY_REST_MS });
}

/** Number of points of the story, and what it does. */
export async function countCrashPoints(): Promise<VenueRunResult> {
  return await runVenueSeed(SEED, { scenario: placeOrderScenario() });
}

/** Runs it and dies at one point, counted from 1. */
export function runCrashPoint(
  point: number,
  { isPowerCut, onStep }: {
    isPowerCut: boolean;
    onStep?: (line: string) => void;
  },
): Promise<VenueRunResult> {
  return runVenueSeed(SEED, {
    scenario: placeOrderScenario(),
    dieAtPoint: point,
    isPowerCut,
    ...(onStep === undefined ? {} : { onStep }),
  });
}
