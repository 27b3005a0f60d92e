import type { DiskWatcher } from "../machine/disk.ts";
import { RECV_WINDOW_MS } from "./limits.ts";
import type { Departure } from "./wire.ts";

/** The promises of a desk at a venue, and two that are taken for granted. */
export const VENUE_PROMISES = {
  V1: "At most one order at the venue for each order of the books",
  V2: "The venue's books and ours agree, no fill lost or doubled",
  V3: "No request within the silence that the venue asked for",
  V4: "No entry outside the time that the venue accepts",
  V5: "After a start no entry before the reconciliation",
  V6: "A quiesced account has no open order",
  V7:
    "No position without its protection for longer than the bound while the venue answers",
  V8: "Books rebuilt from the journal equal those in memory",
  V9: "An earlier incarnation of an agent does not trade",
  V10: "What the books call refused or absent was never at the venue",
  V11: "From an emergency stop on no entry leaves",
  V13: "Never more at the venue for a decision than it was sized to",
  V12: "What an emergency stop calls withdrawn does not rest",
  rest: "Everything is settled within a bounded time when the faults stop",
  survival: "Nothing is thrown that a process would not survive",
} as const;
export type VenuePromise = keyof typeof VENUE_PROMISES;

/** One broken promise. */
export interface VenueViolation {
  promise: VenuePromise;
  what: string;
}

/** Reads without which a process has not reconciled. */
const NEEDED_READS = ["open orders", "trades", "position"] as const;

/** Violations of one run beyond which no more are listed. */
const VIOLATIONS_MAX = 20;

/** Watches what must never happen, at the moment it happens. */
export class VenueMonitor implements DiskWatcher {
  readonly violations: VenueViolation[] = [];
  /** Every whole line that was ever written to the journal, also those that a power cut took. */
  readonly written: string[] = [];
  /** An emergency stop is in force at the desk. */
  isStopped = false;
  /** What was done, to see that a run is worth its time. */
  readonly counts = { entries: 0, exits: 0, requests: 0 };
  readonly #silentUntilMs = new Map<number, number>();
  readonly #reads = new Map<number, Set<string>>();
  readonly #clock: { monotonicMs(): number };
  readonly #venueNowMs: () => number;

  constructor(
    clock: { monotonicMs(): number },
    venueNowMs: () => number,
  ) {
    this.#clock = clock;
    this.#venueNowMs = venueNowMs;
  }

  report(promise: VenuePromise, what: string): void {
    if (this.violations.length >= VIOLATIONS_MAX) return;
    const seconds = (this.#clock.monotonicMs() / 1_000).toFixed(3);
    this.violations.push({ promise, what: `${what} (${seconds} s)` });
  }

  departed({ name, timestamp, boot }: Departure): void {
    this.counts.requests++;
    const silentUntilMs = this.#silentUntilMs.get(boot) ?? -Infinity;
    if (this.#clock.monotonicMs() < silentUntilMs) {
      this.report("V3", `"${name}" left within the silence`);
    }
    if (name.startsWith("create exit")) this.counts.exits++;
    if (!name.startsWith("create entry")) return;
    this.counts.entries++;
    if (this.isStopped) this.report("V11", `"${name}" left under a stop`);
    const offMs = Math.round(timestamp - this.#venueNowMs());
    if (offMs > 1_000 || -offMs > RECV_WINDOW_MS) {
      this.report("V4", `"${name}" left with a time that is ${offMs} ms off`);
    }
    const missing = NEEDED_READS.filter((read) =>
      !this.#reads.get(boot)?.has(read)
    );
    if (missing.length > 0) {
      this.report("V5", `"${name}" left before: ${missing.join(", ")}`);
    }
  }

  /** A read of this process was answered. */
  answered(boot: number, name: string): void {
    const reads = this.#reads.get(boot) ?? new Set();
    reads.add(name);
    this.#reads.set(boot, reads);
  }

  silenced(boot: number, forMs: number): void {
    const untilMs = this.#clock.monotonicMs() + forMs;
    const known = this.#silentUntilMs.get(boot) ?? -Infinity;
    this.#silentUntilMs.set(boot, Math.max(known, untilMs));
  }

  opened(): void {}

  retired(): void {}

  appended(_path: string, text: string): void {
    for (const line of text.split("\n")) {
      if (line !== "") this.written.push(line);
    }
  }

  misused(what: string): void {
    this.report("survival", what);
  }
}
