import { monotonicFactory } from "ulid";

/** Makes ids such as `agt_01J...`: sortable by time, unique in one process even within a millisecond. */
export type IdFactory = (prefix: string) => string;

/**
 * Creates an id factory (ULID) over a given clock and randomness, so that a
 * simulation gets the same ids from the same seed.
 */
export function createIdFactory(
  options: { nowMs: () => number; random: () => number },
): IdFactory {
  const next = monotonicFactory(options.random);
  return (prefix) => `${prefix}_${next(options.nowMs())}`;
}
