/** Bounds of the simulation, with what happens at each. Times are virtual milliseconds. */

/** Steps of one run; more is a circle, and a violation. */
export const STEPS_MAX = 3_000_000;

/** Span in which faults and commands happen. */
export const CHAOS_MS = 40_000;

/** Time that the world has to come to rest when the faults have stopped; more is a violation. */
export const REST_MS = 400_000;

/** Time that a world at rest is watched before it is shut down. */
export const CALM_MS = 3_000;

/** Pause before a host that died is started again, at least and at most. */
export const REBOOT_MS = [200, 1_500] as const;

/** Candles of a replay, at least and at most. */
export const REPLAY_CANDLES = [120, 320] as const;

/** Market time per real time of the simulated market: five one-minute candles a second. */
export const SIMULATION_SPEED = 300;

/** Timers that one world may have set at once; more is a leak. */
export const TIMERS_MAX = 4_000;

/** Changes that may wait for the store; more means that nothing holds the writers back. */
export const QUEUED_STATE_MAX = 20_000;

/** Wall time at the start: 2026-01-01 00:00 UTC. */
export const START_AT = 1_767_225_600_000;
