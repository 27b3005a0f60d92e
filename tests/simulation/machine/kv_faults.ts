import type {
  KvCall,
  KvFault,
  KvFaults,
} from "../../../lib/store/kv/faults.ts";

/** How the database behaves for a while. */
export type StoreMode =
  | "well"
  /** Lost and late writes and acknowledgements, refusals, hangs: each now and then. */
  | "flaky"
  /** Writes are refused by a check, though nobody else writes. Never together with late writes: a check that fails without a cause proves nothing. */
  | "contended"
  /** Nothing is answered. */
  | "partitioned"
  /** Writes are refused. */
  | "full"
  /** Watches are silent, as over a half-open link. */
  | "deaf";

/** Shares of calls that go wrong in a flaky time, and how. */
const FLAKY: readonly (readonly [number, KvFault["outcome"]])[] = [
  [0.06, "lost_ack"],
  [0.06, "fail"],
  [0.03, "hang"],
  [0.03, "hang_done"],
  [0.03, "conflict_done"],
];

/** Share of calls that are late, and by how much at most: beyond the store's own deadline. */
const LATE_SHARE = 0.15;
const LATE_MS_MAX = 3_000;

/** Share of writes that a contended database refuses. */
const CONFLICT_SHARE = 0.2;

/** What the simulated database may do to a call. */
export class StoreFaults implements KvFaults {
  mode: StoreMode = "well";
  readonly #random: () => number;
  readonly #sleep: (ms: number) => Promise<void>;

  constructor(
    options: { random: () => number; sleep: (ms: number) => Promise<void> },
  ) {
    this.#random = options.random;
    this.#sleep = options.sleep;
  }

  onCall({ kind }: KvCall): KvFault {
    switch (this.mode) {
      case "well":
        return { outcome: "ok" };
      case "partitioned":
        return { outcome: "hang" };
      case "full":
        return { outcome: kind === "write" ? "fail" : "ok" };
      case "deaf":
        return { outcome: kind === "watch_event" ? "hang" : "ok" };
      case "contended":
        return {
          outcome: this.#random() < CONFLICT_SHARE ? "conflict" : "ok",
        };
      case "flaky":
        return this.#flaky();
    }
  }

  #flaky(): KvFault {
    let roll = this.#random();
    for (const [share, outcome] of FLAKY) {
      roll -= share;
      if (roll < 0) return { outcome, message: "The connection was reset" };
    }
    if (this.#random() >= LATE_SHARE) return { outcome: "ok" };
    const delay = this.#sleep(Math.floor(this.#random() * LATE_MS_MAX));
    return { outcome: "ok", delay };
  }
}
