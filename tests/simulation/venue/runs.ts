import {
  countCrashPoints,
  crashPointName,
  readCrashPoint,
  runCrashPoint,
  VENUE_STORIES,
  type VenueStory,
} from "./crash_points.ts";
import { runVenueSeed, type VenueRunResult } from "./run.ts";

/** A run with the options that repeat it. */
export interface NamedRun {
  run: string;
  isCrashPoint: boolean;
  result: VenueRunResult;
}

/** Every so many crash points are tried unless all are asked for. */
const SOME_POINTS_STEP = 3;

/** The runs of one of several processes: seeds, then crash points, dealt in turn. */
export async function* venueRuns(
  options: {
    share: number;
    shares: number;
    from: number;
    seeds: number;
    points: "all" | "some" | "none";
  },
): AsyncGenerator<NamedRun> {
  const { share, shares, from, seeds, points } = options;
  for (let seed = from + share; seed < from + seeds; seed += shares) {
    const run = `--venue --seed ${seed}`;
    // deno-lint-ignore no-await-in-loop -- one world at a time
    yield { run, isCrashPoint: false, result: await runVenueSeed(seed) };
  }
  if (points === "none") return;
  for (const story of VENUE_STORIES) {
    yield* crashPoints({ ...options, story });
  }
}

async function* crashPoints(
  { share, shares, from, points, story }: {
    share: number;
    shares: number;
    from: number;
    points: "all" | "some" | "none";
    story: VenueStory;
  },
): AsyncGenerator<NamedRun> {
  const { points: count } = await countCrashPoints(story);
  const step = points === "all" ? 1 : SOME_POINTS_STEP;
  const first = 1 + from % step + step * share;
  for (let point = first; point <= count; point += step * shares) {
    for (const isPowerCut of [false, true]) {
      const name = crashPointName({ story, isPowerCut, point });
      const run = `--venue --crash-point ${name}`;
      // deno-lint-ignore no-await-in-loop -- one world at a time
      const result = await runCrashPoint(point, { isPowerCut, story });
      yield { run, isCrashPoint: true, result };
    }
  }
}

/** The run of one seed, or of one crash point such as `kill:12` or `parts-power-cut:12`. */
export async function oneVenueRun(
  options: {
    seed: string | undefined;
    crashPoint: string | undefined;
    onStep: ((line: string) => void) | undefined;
  },
): Promise<{ run: string; result: VenueRunResult }> {
  const { seed, crashPoint, onStep } = options;
  const watched = onStep === undefined ? {} : { onStep };
  if (crashPoint === undefined) {
    const result = await runVenueSeed(Number(seed), watched);
    return { run: `--venue --seed ${seed}`, result };
  }
  const named = readCrashPoint(crashPoint);
  if (named === null) {
    throw new Error(
      `There is no crash point "${crashPoint}"; write kill:12 or parts-power-cut:12`,
    );
  }
  const { point, ...how } = named;
  const result = await runCrashPoint(point, { ...how, ...watched });
  return { run: `--venue --crash-point ${crashPoint}`, result };
}
