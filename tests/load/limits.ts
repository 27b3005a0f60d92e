/** Steps, targets and bounds of the load task and the soak. */

/** Agents that run at the same time, step by step. */
export const AGENT_STEPS = [10, 50, 100, 150] as const;
/** Clients of the streams, half of them event streams and half WebSockets. */
export const CLIENT_STEPS = [100, 500, 1_000] as const;
/** Requests a second. */
export const READ_STEPS = [250, 500, 1_000, 2_000] as const;
export const WRITE_STEPS = [25, 50, 100, 200] as const;

/** A step counts whose 99th percentile stays within this. */
export const SIGNAL_P99_MS = 10;
export const STREAM_P99_MS = 250;
export const READ_P99_MS = 100;
export const WRITE_P99_MS = 250;
/** And which is done at all: of what was asked for, this share has to happen. */
export const DONE_SHARE = 0.95;

/** One-minute candles: ten messages a second for each agent, and as many answers of its desk. */
export const MESSAGES_PER_SECOND = 10;

/** `SIMULATION_SPEED` at which each market makes so many one-minute candles a second. */
export function simulationSpeed(candlesPerSecond: number): string {
  return String(candlesPerSecond * 60);
}

/** Each step begins with this, which is not measured. */
export const WARM_UP_MS = 3_000;
/** Agents meanwhile, while streams and requests are measured: each makes up to four events a second. */
export const BACKGROUND_AGENTS = 5;

/** What one person may have open at once; see lib/live/limits.ts. */
export const SSE_PER_PERSON = 10;
export const SOCKETS_PER_PERSON = 5;
/** Connections that are opened at the same time. */
export const CONNECT_AT_ONCE = 25;
/** Of so many clients one reads what it gets; the others only take it, so that the clients are not what is measured. */
export const READING_CLIENTS = 10;

/** Greatest values that options take. */
export const MAXIMA = {
  agents: 200,
  clients: 2_000,
  seconds: 120,
  minutes: 24 * 60,
  candlesPerSecond: 100,
} as const;

/** Agents that begin at the same time. */
export const SPAWN_AT_ONCE = 10;
/** Until when all of them have to run. */
export const RUNNING_WITHIN_MS = 120_000;

/** The soak: how often it looks, and the share of the time that is not judged. */
export const SAMPLE_EVERY_MS = 5_000;
export const WARM_UP_SHARE = 0.25;
export const WARM_UP_MAX_MINUTES = 20;
/** Confidence of the slopes. */
export const CONFIDENCE = 0.95;
/** Grown by more than this an hour, memory leaks. */
export const RSS_MIB_PER_HOUR = 1;
/** The same of what the main isolate keeps when its garbage is collected. */
export const LIVE_MIB_PER_HOUR = 1;
/** And of each agent: lists that fill up to their bound are 0.8. */
export const LIVE_MIB_PER_AGENT_HOUR = 1;
/** Open files and threads that may come an hour. */
export const HANDLES_PER_HOUR = 1;
/** For each agent, at {@link MESSAGES_PER_SECOND}: twice of what journal, events and log lines are. */
export const DISK_MIB_PER_AGENT_HOUR = 45;
/** An actor without a sign of life for this long, or with messages and without progress, is stuck. */
export const STUCK_MS = 15_000;
/** Messages that wait for an actor at one look after the other. */
export const MAILBOX_DEEP = 1_000;
