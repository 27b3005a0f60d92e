import type { Clock } from "../../../actors/clock.ts";
import type { DeskVenueReport } from "../../contracts/account.ts";
import type { VenueBreaker } from "../../contracts/emergency_desk.ts";
import type {
  VenueError,
  VenueErrorKind,
} from "../../exchange/gateway/port.ts";
import {
  type Breakers,
  createBreakers,
  isBreakerFailure,
  VENUE_OPERATIONS,
  type VenueOperation,
} from "../../exchange/budget/breaker.ts";
import type { ClockGuard } from "./clock_guard.ts";
import type { OpenedVenue } from "./opener.ts";
import type { EntryBlock } from "./port.ts";

/** Something that a person should see. */
export type VenueAlert = Omit<DeskVenueReport, "kind">;

/** The parts of a failure that decide what follows from it. */
type Failure = Pick<VenueError, "retryAfterMs" | "message"> & {
  kind: VenueErrorKind;
};

/** What is known of a venue as a whole: whether it answers, and whether it still takes the key. */
export class VenueHealth {
  readonly breakers: Breakers;
  readonly #venue: Pick<OpenedVenue, "budget" | "gateway">;
  readonly #clockGuard: ClockGuard;
  readonly #alert: (alert: VenueAlert) => void;
  #keyProblem: string | null = null;
  #isClosed = false;

  constructor(
    options: {
      clock: Clock;
      venue: Pick<OpenedVenue, "budget" | "gateway">;
      clockGuard: ClockGuard;
      alert: (alert: VenueAlert) => void;
    },
  ) {
    this.#venue = options.venue;
    this.breakers = createBreakers({
      clock: options.clock,
      exchange: options.venue.gateway.profile.exchange,
    });
    this.#clockGuard = options.clockGuard;
    this.#alert = options.alert;
  }

  /** Why the venue does not take the key any more; null while it does. Nothing but a new opening ends that. */
  get keyProblem(): string | null {
    return this.#keyProblem;
  }

  /** Why no entry may go out because of the venue as a whole. */
  block(): EntryBlock | null {
    if (this.#keyProblem !== null) {
      return { code: "VENUE_UNAVAILABLE", detail: this.#keyProblem };
    }
    const { read, create } = this.breakers.view();
    const open = [create, read].find(({ status }) => status !== "closed");
    return open === undefined ? null : {
      code: "VENUE_UNAVAILABLE",
      detail: open.reason ?? "The venue does not answer",
    };
  }

  /** How the breakers stand, for people. */
  breakerViews(): readonly VenueBreaker[] {
    const views = this.breakers.view();
    return VENUE_OPERATIONS.map((operation) => {
      const { status, reason, failures, openUntilMs } = views[operation];
      return { operation, status, reason, failures, openUntil: openUntilMs };
    });
  }

  succeeded(operation: VenueOperation): void {
    this.breakers.record(operation, { ok: true });
    if (!this.#isClosed) return;
    this.#isClosed = false;
    this.#alert({ code: "VENUE_MAINTENANCE", agentId: null, detail: "" });
  }

  /** Draws the conclusions from a failure that concern more than who asked. */
  failed(operation: VenueOperation, failure: Failure): void {
    const { kind, retryAfterMs, message: reason } = failure;
    if (!isBreakerFailure(kind)) {
      // A decoded answer: the venue is there.
      this.breakers.record(operation, { ok: true });
    } else this.breakers.record(operation, { ok: false, reason });
    if (kind === "rate_limited") {
      this.#venue.budget.retryAfter(retryAfterMs ?? 1_000, reason);
    }
    if (kind === "clock") this.#clockGuard.distrust(reason);
    if (kind === "maintenance") this.#close(reason);
    if (kind === "auth") this.#refuseKey(reason);
  }

  #close(detail: string): void {
    this.breakers.trip("read", detail);
    this.breakers.trip("create", detail);
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#alert({ code: "VENUE_MAINTENANCE", agentId: null, detail });
  }

  #refuseKey(detail: string): void {
    if (this.#keyProblem !== null) return;
    this.#keyProblem =
      `The venue does not take the key: ${detail}; replace the key and start the agent again`;
    this.#alert({
      code: "VENUE_AUTH",
      agentId: null,
      detail: this.#keyProblem,
    });
  }
}
