/** What the readings of a soak come to. Pure: no clock, no process. */
import {
  type Point,
  type Slope,
  slopeOf,
} from "../../lib/core/statistics/slope.ts";
import { bucketsBetween, quantileOf } from "./exposition.ts";
import {
  CONFIDENCE,
  DISK_MIB_PER_AGENT_HOUR,
  HANDLES_PER_HOUR,
  LIVE_MIB_PER_AGENT_HOUR,
  LIVE_MIB_PER_HOUR,
  MAILBOX_DEEP,
  MESSAGES_PER_SECOND,
  RSS_MIB_PER_HOUR,
  STUCK_MS,
} from "./limits.ts";
import type { AgentSample, SoakSample } from "./soak_sample.ts";

const HOUR_MS = 3_600_000;

/** How much more than one agent at the usual rate is followed. */
interface Scales {
  agents: number;
  rate: number;
}

interface Followed {
  name: string;
  unit: string;
  /** Most that it may rise an hour; null where that is not judged. */
  bound: number | null;
  /** What the bound is to be multiplied by. */
  scaledBy?: readonly (keyof Scales)[];
  read(at: SoakSample): number | null;
}

/** What is followed over time. */
const FOLLOWED: readonly Followed[] = [
  {
    name: "RSS",
    unit: "MiB/h",
    bound: RSS_MIB_PER_HOUR,
    read: (at) => at.rssMiB,
  },
  {
    name: "heap of the main isolate",
    unit: "MiB/h",
    bound: null,
    read: (at) => at.heapMiB,
  },
  {
    name: "what of it is live",
    unit: "MiB/h",
    bound: LIVE_MIB_PER_HOUR,
    read: (at) => at.liveHeapMiB,
  },
  {
    name: "heaps of all workers",
    unit: "MiB/h",
    bound: null,
    read: (at) => at.workersHeapMiB,
  },
  {
    name: "what of them is live",
    unit: "MiB/h",
    bound: LIVE_MIB_PER_AGENT_HOUR,
    scaledBy: ["agents", "rate"],
    read: (at) => at.workersLiveHeapMiB,
  },
  {
    name: "live of desk and feeds",
    unit: "MiB/h",
    bound: LIVE_MIB_PER_HOUR,
    read: (at) => at.servicesLiveHeapMiB,
  },
  {
    name: "open files",
    unit: "per h",
    bound: HANDLES_PER_HOUR,
    read: (at) => at.handles,
  },
  {
    name: "threads",
    unit: "per h",
    bound: HANDLES_PER_HOUR,
    read: (at) => at.threads,
  },
  {
    name: "disk",
    unit: "MiB/h",
    bound: DISK_MIB_PER_AGENT_HOUR,
    scaledBy: ["agents", "rate"],
    read: (at) => at.diskMiB,
  },
];

/** One figure over the time that is judged. */
export interface Trend {
  name: string;
  unit: string;
  first: number | null;
  last: number | null;
  /** Null where too little was read. */
  slope: Slope | null;
  bound: number | null;
  /** Even the lower end of what the slope may be is above its bound. */
  isBroken: boolean;
}

/** An actor that does nothing although it should. */
export interface StuckActor {
  name: string;
  why: string;
}

/** What the soak found. */
export interface SoakVerdict {
  trends: readonly Trend[];
  stuck: readonly StuckActor[];
  /** Of the whole time that is judged. */
  loopLateMsP99: number | null;
  samples: number;
  isSound: boolean;
}

/** Judges the readings after the warm-up, oldest first. */
export function judge(
  samples: readonly SoakSample[],
  { candlesPerSecond }: { candlesPerSecond: number },
): SoakVerdict {
  const scales: Scales = {
    agents: samples[0]?.agents.length ?? 0,
    rate: candlesPerSecond / MESSAGES_PER_SECOND,
  };
  const trends = FOLLOWED.map((followed) =>
    trendOf(samples, { followed, scales })
  );
  const stuck = stuckIn(samples);
  return {
    trends,
    stuck,
    loopLateMsP99: latenessOf(samples),
    samples: samples.length,
    isSound: stuck.length === 0 && trends.every(({ isBroken }) => !isBroken),
  };
}

function trendOf(
  samples: readonly SoakSample[],
  { followed, scales }: { followed: Followed; scales: Scales },
): Trend {
  const { name, unit, bound: bare, scaledBy = [], read } = followed;
  const bound = bare === null
    ? null
    : scaledBy.reduce((product, by) => product * scales[by], bare);
  const points = samples.flatMap((sample): Point[] => {
    const y = read(sample);
    return y === null ? [] : [{ x: sample.atMs / HOUR_MS, y }];
  });
  const slope = slopeOf(points, CONFIDENCE);
  return {
    name,
    unit,
    first: points[0]?.y ?? null,
    last: points.at(-1)?.y ?? null,
    slope,
    bound,
    isBroken: bound !== null && slope !== null && slope.low > bound,
  };
}

function latenessOf(samples: readonly SoakSample[]): number | null {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined || first === last) return null;
  const seconds = quantileOf(
    bucketsBetween("smc_loop_late_seconds", first.buckets, last.buckets),
    0.99,
  );
  return seconds === null ? null : seconds * 1_000;
}

/** Agents that were stuck at two looks after each other: one look alone may have come at a bad moment. */
export function stuckIn(samples: readonly SoakSample[]): readonly StuckActor[] {
  const found = new Map<string, StuckActor>();
  for (let index = 1; index < samples.length; index++) {
    const before = new Map(
      samples[index - 1]!.agents.map((agent) => [agent.id, agent]),
    );
    for (const agent of samples[index]!.agents) {
      const why = whyStuck(agent);
      const earlier = before.get(agent.id);
      if (why === null || earlier === undefined) continue;
      if (whyStuck(earlier) === null) continue;
      found.set(agent.id, { name: agent.name, why });
    }
  }
  return [...found.values()];
}

function whyStuck(agent: AgentSample): string | null {
  if (!agent.isRunning) return "it does not run";
  if (agent.heartbeatAgeMs !== null && agent.heartbeatAgeMs > STUCK_MS) {
    return `it gave no sign of life for ${
      Math.round(agent.heartbeatAgeMs / 1_000)
    } s`;
  }
  if (agent.mailbox > 0 && agent.rate === 0) {
    return `${agent.mailbox} messages wait, and it handles none`;
  }
  if (agent.mailbox > MAILBOX_DEEP) return `${agent.mailbox} messages wait`;
  return null;
}
