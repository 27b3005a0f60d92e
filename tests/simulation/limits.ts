/** Bounds of the simulation, with what happens at each. Times are virtual milliseconds. */

/** Steps of one run; more is a circle, and a violation. */
export const STEPS_MAX = 3_000_000;

/** Every so many seeds the world is rich; the others are small, so that many of them are tried. */
export const RICH_EVERY = 5;

/** How large the worlds of the seeds are. */
export interface WorldSize {
  /** Span in which faults and commands happen. */
  chaosMs: number;
  /** At least and at most. */
  agents: readonly [number, number];
  /** Candles of a replay, at least and at most. */
  candles: readonly [number, number];
}

/** Enough for every fault to meet trades; most of the seeds. */
export const SMALL_WORLD: WorldSize = {
  chaosMs: 25_000,
  agents: [1, 3],
  candles: [60, 160],
};

/** More agents, longer streams. */
export const RICH_WORLD: WorldSize = {
  chaosMs: 40_000,
  agents: [3, 4],
  candles: [160, 320],
};

/** Bytes of records in a segment of a journal: some journals go on in a new one with almost every trade, some with a few. */
export const SEGMENT_BYTES = [512, 2_048, 4_096, 8_192, 16_384] as const;

/** Bytes of ended segments that are kept in any case: in some worlds none, so that all go that nobody needs. */
export const ENDED_BYTES = [0, 4_096, 8 * 1_024 * 1_024] as const;

/** Time that the world has to come to rest when the faults have stopped; more is a violation. */
export const REST_MS = 400_000;

/** Time that a world at rest is watched before it is shut down. */
export const CALM_MS = 3_000;

/** Pause before a host that died is started again, at least and at most. */
export const REBOOT_MS = [200, 1_500] as const;

/** Market time per real time of the simulated market: five one-minute candles a second. */
export const SIMULATION_SPEED = 300;

/** Timers that one world may have set at once; more is a leak. */
export const TIMERS_MAX = 4_000;

/** Messages that may wait at one actor, or for its neighbours; more means that nothing holds the sender back. */
export const QUEUED_MESSAGES_MAX = 500;

/** Changes that may wait for the store; more means that nothing holds the writers back. */
export const QUEUED_STATE_MAX = 20_000;

/** Wall time at the start: 2026-01-01 00:00 UTC. */
export const START_AT = 1_767_225_600_000;
