import { actorError } from "../errors.ts";
import { REPORTS_IN_FLIGHT_MAX, REPORTS_WAITING_MAX } from "../limits.ts";
import { Mailbox } from "../mailbox.ts";

/** Reports on their way to the owner: bounded by credit, so that a chatty actor cannot fill the owner's memory. */
export class ReportOutbox {
  readonly #post: (report: unknown) => void;
  readonly #mailbox = new Mailbox<{ report: unknown }>({
    window: REPORTS_IN_FLIGHT_MAX,
    limits: { events: REPORTS_WAITING_MAX },
  });

  constructor(post: (report: unknown) => void) {
    this.#post = post;
  }

  /** Reports that wait for credit. */
  get depth(): number {
    return this.#mailbox.depth;
  }

  /**
   * Sends a report, or lets it wait.
   *
   * @throws {AppError} `EVENTS_OVERFLOW` if too many wait already.
   */
  send(report: unknown): void {
    if (this.#mailbox.tryPass()) {
      this.#post(report);
      return;
    }
    if (this.#mailbox.offer({ report }, { lane: "events" }) === "overflowed") {
      throw actorError(
        "EVENTS_OVERFLOW",
        `Cannot queue a report: ${REPORTS_WAITING_MAX} wait for the owner`,
      );
    }
  }

  /** The owner has processed `count` reports. */
  credit(count: number): void {
    this.#mailbox.credit(count);
    this.#pump();
  }

  /** Sends all that waits without regard to credit: the actor ends, so nothing can follow. */
  flush(): void {
    while (this.#mailbox.depth > 0) {
      if (this.#mailbox.inFlight > 0) {
        this.#mailbox.credit(this.#mailbox.inFlight);
      }
      this.#pump();
    }
  }

  #pump(): void {
    let next = this.#mailbox.take();
    while (next !== undefined) {
      this.#post(next.report);
      next = this.#mailbox.take();
    }
  }
}
