import type { KvConnection } from "./connection.ts";
import { type KvFaults, NO_FAULTS } from "./faults.ts";
import { MemoryConnection } from "./memory_connection.ts";
import { MemoryState } from "./memory_state.ts";

/** How to connect to a database in memory. */
export interface ConnectOptions {
  /**
   * Runs a step later: the arrival of a call, its answer, a watch event.
   * Default: the next microtask. A simulation puts its scheduler here.
   */
  schedule?: (step: () => void) => void;
  /** Asked before each call; default no faults. */
  faults?: KvFaults;
}

/** A connection that a simulation can cut. */
export interface CuttableConnection extends KvConnection {
  /**
   * The process died: nothing that is under way settles any more, and what has
   * not reached the database by now never does.
   */
  cut(): void;
}

/** A database in memory, with Deno KV's order of keys, limits and words. */
export interface MemoryDatabase {
  /** Opens a connection; several see each other's writes. */
  connect(options?: ConnectOptions): CuttableConnection;
  /** Number of entries. */
  readonly size: number;
}

/**
 * Creates an empty database. What is committed outlives connections. It has no
 * clock and no randomness: order and faults come from the options.
 */
export function createMemoryDatabase(): MemoryDatabase {
  const state = new MemoryState();
  return {
    connect: (options = {}) =>
      new MemoryConnection(state, {
        schedule: options.schedule ?? queueMicrotask,
        faults: options.faults ?? NO_FAULTS,
      }),
    get size() {
      return state.size;
    },
  };
}
