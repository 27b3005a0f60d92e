/**
 * Every point of the way of some orders, one run a point: the agent decides, an
 * order is recorded, sent, acknowledged and filled, its protection follows. At
 * each of them the process dies, once with the power on and once with the power
 * cut.
 *
 * @module
 */
import { runVenueSeed, type VenueRunResult } from "./run.ts";
import { calmScenario, type VenueScenario } from "./scenario.ts";

/** The stories: an entry at the market, and one in parts that are moved, post-only or wait for a trigger. */
export const VENUE_STORIES = ["order", "parts"] as const;
export type VenueStory = (typeof VENUE_STORIES)[number];

/** Seeds whose first decisions are what the story is about. */
const SEEDS: Readonly<Record<VenueStory, number>> = { order: 4, parts: 15 };

/** Decisions and their consequences: two candles, four for parts. */
const STORY_MS: Readonly<Record<VenueStory, number>> = {
  order: 45_000,
  parts: 85_000,
};

/** Enough for a restart, the proof of an absence and the end of everything. */
const STORY_REST_MS = 90_000;

function scenarioOf(story: VenueStory): VenueScenario {
  return calmScenario(SEEDS[story], {
    runMs: STORY_MS[story],
    restMs: STORY_REST_MS,
    ...(story === "parts" ? { usesParts: true, eagerness: 0.6 } : {}),
  });
}

/** Number of points of a story, and what it does. */
export async function countCrashPoints(
  story: VenueStory = "order",
): Promise<VenueRunResult> {
  const scenario = scenarioOf(story);
  return await runVenueSeed(scenario.seed, { scenario });
}

/** Runs it and dies at one point, counted from 1. */
export function runCrashPoint(
  point: number,
  { isPowerCut, onStep, story = "order" }: {
    isPowerCut: boolean;
    story?: VenueStory;
    onStep?: (line: string) => void;
  },
): Promise<VenueRunResult> {
  const scenario = scenarioOf(story);
  return runVenueSeed(scenario.seed, {
    scenario,
    dieAtPoint: point,
    isPowerCut,
    ...(onStep === undefined ? {} : { onStep }),
  });
}

/** How a point is called on the command line: `kill:12`, or `parts-power-cut:12`. */
export function crashPointName(
  { story, isPowerCut, point }: {
    story: VenueStory;
    isPowerCut: boolean;
    point: number;
  },
): string {
  const prefix = story === "order" ? "" : `${story}-`;
  return `${prefix}${isPowerCut ? "power-cut" : "kill"}:${point}`;
}

/** Reads such a name; null for none. */
export function readCrashPoint(
  name: string,
): { story: VenueStory; isPowerCut: boolean; point: number } | null {
  const read = /^(?:(parts)-)?(kill|power-cut):(\d+)$/.exec(name);
  const point = Number(read?.[3]);
  if (read === null || !(point >= 1)) return null;
  const story = read[1] === "parts" ? "parts" : "order";
  return { story, isPowerCut: read[2] === "power-cut", point };
}
