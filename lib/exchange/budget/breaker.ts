/**
 * Circuit breakers of one exchange, one for each class of operation. They hold
 * back what would only make an outage worse; what reduces risk always passes.
 *
 * closed → open after too many failures → half-open when its time is over →
 * closed after some reads in a row that succeed, or open again for twice as
 * long after one that fails. Only a read is a probe: an entry is no way to find
 * out whether a venue works. A read that looks after a risk need not wait for
 * the half-open time ({@link RiskProbes}); all else does.
 *
 * @module
 */
import type { Clock } from "../../../actors/clock.ts";
import type { EpochMs } from "../../contracts/primitives.ts";
import type { VenueErrorKind } from "../gateway/port.ts";
import { BreakerState, type BreakerStatus } from "./breaker_state.ts";
import { BREAKER_PROBE_MS } from "./limits.ts";
import { RiskProbes } from "./risk_probes.ts";

/** Classes of operations, each with a breaker of its own. */
export const VENUE_OPERATIONS = ["read", "create", "cancel"] as const;
export type VenueOperation = (typeof VENUE_OPERATIONS)[number];

/** A change of one breaker, for logs and metrics. */
export interface BreakerChange {
  exchange: string;
  operation: VenueOperation;
  from: BreakerStatus;
  to: BreakerStatus;
  /** One sentence. */
  reason: string;
  at: EpochMs;
}

/** One breaker as metrics and the panel show it. */
export interface BreakerView {
  status: BreakerStatus;
  /** Why it is not closed; null where it is. */
  reason: string | null;
  failures: number;
  outcomes: number;
  /** Until when it is open, wall time; null where it is not. */
  openUntilMs: EpochMs | null;
}

/** Whether an operation may go out. */
export type Admission =
  | { isAllowed: true; isProbe: boolean }
  | { isAllowed: false; reason: string };

/** The breakers of one exchange. */
export interface Breakers {
  /**
   * Asks before an operation. `isReducing` is true for a create that only reduces
   * a position, `guardsRisk` for a read that looks after an order at the venue or
   * a position.
   */
  admit(
    operation: VenueOperation,
    options?: { isReducing?: boolean; guardsRisk?: boolean },
  ): Admission;
  /** Tells what came of an operation; every one that was admitted. */
  record(
    operation: VenueOperation,
    outcome: { ok: true } | { ok: false; reason: string },
  ): void;
  /** Opens a breaker at once, as for maintenance. */
  trip(operation: VenueOperation, reason: string): void;
  view(): Readonly<Record<VenueOperation, BreakerView>>;
}

/** Failures that speak against the venue or the way to it; the others are answers. */
export function isBreakerFailure(kind: VenueErrorKind): boolean {
  return kind === "unknown" || kind === "rate_limited" ||
    kind === "maintenance";
}

/** Creates the breakers of an exchange, all closed. */
export function createBreakers(
  options: {
    clock: Clock;
    exchange: string;
    onChange?: (change: BreakerChange) => void;
  },
): Breakers {
  return new ExchangeBreakers(options);
}

class ExchangeBreakers implements Breakers {
  readonly #clock: Clock;
  readonly #states: Readonly<Record<VenueOperation, BreakerState>>;
  readonly #riskProbes = new RiskProbes();
  /** When the probe that is under way was let go; null for none. */
  #probeAtMs: number | null = null;

  constructor(
    { clock, exchange, onChange }: Parameters<typeof createBreakers>[0],
  ) {
    this.#clock = clock;
    const state = (operation: VenueOperation) =>
      new BreakerState((change) => {
        if (operation === "read" && change.to === "open") {
          this.#riskProbes.pause(clock.monotonicMs());
        }
        onChange?.({ exchange, operation, at: clock.nowMs(), ...change });
      });
    this.#states = {
      read: state("read"),
      create: state("create"),
      cancel: state("cancel"),
    };
  }

  admit(
    operation: VenueOperation,
    options: { isReducing?: boolean; guardsRisk?: boolean } = {},
  ): Admission {
    const nowMs = this.#now();
    if (operation === "read") {
      return this.#admitRead(nowMs, options.guardsRisk === true);
    }
    const passes = operation === "cancel" || options.isReducing === true;
    const state = this.#states[operation];
    return passes || state.status(nowMs) === "closed"
      ? { isAllowed: true, isProbe: false }
      : { isAllowed: false, reason: state.reason! };
  }

  record(
    operation: VenueOperation,
    outcome: { ok: true } | { ok: false; reason: string },
  ): void {
    const nowMs = this.#now();
    const reason = outcome.ok ? null : outcome.reason;
    if (operation === "read") this.#tellRiskProbes(nowMs, outcome.ok);
    this.#states[operation].record(nowMs, reason);
    if (operation !== "read") return;
    this.#probeAtMs = null;
    for (const other of ["create", "cancel"] as const) {
      this.#states[other].probed(nowMs, reason);
    }
  }

  trip(operation: VenueOperation, reason: string): void {
    this.#states[operation].open(this.#now(), reason);
  }

  view(): Readonly<Record<VenueOperation, BreakerView>> {
    const nowMs = this.#now();
    const wallMs = this.#clock.nowMs();
    const viewOf = (state: BreakerState): BreakerView => {
      const status = state.status(nowMs);
      const counts = state.counts(nowMs);
      const openUntilMs = status === "open"
        ? wallMs + state.openUntilMs - nowMs
        : null;
      return { status, reason: state.reason, ...counts, openUntilMs };
    };
    return {
      read: viewOf(this.#states.read),
      create: viewOf(this.#states.create),
      cancel: viewOf(this.#states.cancel),
    };
  }

  /** The time, after a probe that never came back has counted as failed. */
  #now(): number {
    const nowMs = this.#clock.monotonicMs();
    if (
      this.#probeAtMs !== null && nowMs - this.#probeAtMs >= BREAKER_PROBE_MS
    ) {
      this.#probeAtMs = null;
      const reason = `A probe had no answer within ${BREAKER_PROBE_MS} ms`;
      this.#tellRiskProbes(nowMs, false);
      for (const state of Object.values(this.#states)) {
        state.probed(nowMs, reason);
      }
    }
    return nowMs;
  }

  #tellRiskProbes(nowMs: number, isAnswer: boolean): void {
    if (this.#states.read.status(nowMs) !== "open") return;
    this.#riskProbes.record(nowMs, isAnswer);
  }

  #admitRead(nowMs: number, guardsRisk: boolean): Admission {
    const [state, probes] = [this.#states.read, this.#riskProbes];
    const status = state.status(nowMs);
    const isFree = guardsRisk && probes.isAnswered;
    if (status === "closed" || isFree) {
      return { isAllowed: true, isProbe: false };
    }
    const mayProbe = status === "half_open" ||
      (guardsRisk && probes.isDue(nowMs));
    if (!mayProbe) return { isAllowed: false, reason: state.reason! };
    if (this.#probeAtMs !== null) {
      return { isAllowed: false, reason: "A probe is under way" };
    }
    this.#probeAtMs = nowMs;
    probes.began(nowMs);
    return { isAllowed: true, isProbe: true };
  }
}
