import type { Clock } from "../../../actors/clock.ts";
import type { DeskVenueReport } from "../../contracts/account.ts";
import type {
  VenueError,
  VenueErrorKind,
} from "../../exchange/gateway/port.ts";
import { Breaker } from "./breaker.ts";
import type { ClockGuard } from "./clock_guard.ts";
import { MAINTENANCE_RETRY_MS } from "./limits.ts";
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
  readonly breaker: Breaker;
  readonly #venue: Pick<OpenedVenue, "budget">;
  readonly #clockGuard: ClockGuard;
  readonly #alert: (alert: VenueAlert) => void;
  #keyProblem: string | null = null;
  #isClosed = false;

  constructor(
    options: {
      clock: Clock;
      venue: Pick<OpenedVenue, "budget">;
      clockGuard: ClockGuard;
      alert: (alert: VenueAlert) => void;
    },
  ) {
    this.breaker = new Breaker(options.clock);
    this.#venue = options.venue;
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
    if (this.breaker.isOpen) {
      const detail = this.#isClosed
        ? "The venue is closed for maintenance"
        : "The venue does not answer";
      return { code: "VENUE_UNAVAILABLE", detail };
    }
    return null;
  }

  succeeded(): void {
    const wasClosed = this.#isClosed;
    this.#isClosed = false;
    this.breaker.succeeded();
    if (wasClosed) {
      this.#alert({ code: "VENUE_MAINTENANCE", agentId: null, detail: "" });
    }
  }

  /** Draws the conclusions from a failure that concern more than who asked. */
  failed({ kind, retryAfterMs, message }: Failure): void {
    switch (kind) {
      case "unknown":
        return this.breaker.failed();
      case "rate_limited":
        return this.#venue.budget.retryAfter(retryAfterMs ?? 1_000, message);
      case "clock":
        return this.#clockGuard.distrust(message);
      case "maintenance":
        return this.#close(message, retryAfterMs);
      case "auth":
        return this.#refuseKey(message);
      case "refused":
      case "not_found":
        // A decoded answer: the venue is there.
        return this.succeeded();
    }
  }

  #close(detail: string, retryAfterMs: number | null): void {
    this.breaker.open(retryAfterMs ?? MAINTENANCE_RETRY_MS);
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
