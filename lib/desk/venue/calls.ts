import type { Clock } from "../../../actors/clock.ts";
import {
  type BudgetLane,
  VenueError,
  type VenueGateway,
} from "../../exchange/gateway/port.ts";
import type { ClockGuard } from "./clock_guard.ts";
import type { VenueHealth } from "./health.ts";
import {
  READ_ATTEMPTS,
  READ_BACKOFF_MS,
  READ_DEADLINE_MS,
  READ_QUEUE_MS,
} from "./limits.ts";
import type { MinuteCounter } from "./minute_counter.ts";
import type { OpenedVenue, VenueCall } from "./opener.ts";
import type { Sleeper } from "./sleeper.ts";

/** What calls are made with. */
export interface VenueCallsOptions {
  clock: Clock;
  random: () => number;
  venue: OpenedVenue;
  health: VenueHealth;
  clockGuard: ClockGuard;
  sleeper: Sleeper;
  messages: MinuteCounter;
}

/**
 * Reads and withdrawals at a venue, under the rate budget, with one policy for
 * each kind of failure. Orders are not sent here: they are sent once.
 */
export class VenueCalls {
  readonly #options: VenueCallsOptions;

  constructor(options: VenueCallsOptions) {
    this.#options = options;
  }

  /**
   * Asks up to three times where nothing came back, once more after the clock
   * was set, and after the wait that the venue wants.
   *
   * @throws {VenueError}
   */
  async read<T>(
    call: VenueCall,
    run: (gateway: VenueGateway) => Promise<T>,
    { lane = "data" }: { lane?: BudgetLane } = {},
  ): Promise<T> {
    const { health, random, sleeper, clockGuard } = this.#options;
    for (let attempt = 1;; attempt++) {
      if (!health.breaker.mayCall()) {
        throw new VenueError("unknown", "The venue did not answer lately");
      }
      try {
        // deno-lint-ignore no-await-in-loop -- an attempt follows from the one before
        return await this.once(call, run, { lane, deadlineMs: READ_QUEUE_MS });
      } catch (error) {
        if (!(error instanceof VenueError)) throw error;
        if (!isWorthRepeating(error) || attempt >= READ_ATTEMPTS) throw error;
        if (error.kind === "clock") {
          // deno-lint-ignore no-await-in-loop -- as above
          if (attempt > 1 || !await clockGuard.sync()) throw error;
        }
        // deno-lint-ignore no-await-in-loop -- as above
        await sleeper.sleep(random() * READ_BACKOFF_MS * 2 ** (attempt - 1));
      }
    }
  }

  /**
   * One request, after its turn in the lane.
   *
   * @throws {VenueError}
   */
  async once<T>(
    call: VenueCall,
    run: (gateway: VenueGateway) => Promise<T>,
    { lane, deadlineMs }: { lane: BudgetLane; deadlineMs?: number },
  ): Promise<T> {
    const { venue, health, messages } = this.#options;
    if (health.keyProblem !== null) {
      throw new VenueError("auth", health.keyProblem);
    }
    await venue.budget.take(
      lane,
      venue.costOf(call),
      deadlineMs === undefined ? {} : { deadlineMs },
    );
    messages.count();
    try {
      const answer = await this.#withDeadline(run(venue.gateway));
      health.succeeded();
      return answer;
    } catch (cause) {
      const error = cause instanceof VenueError
        ? cause
        : new VenueError("unknown", `The call failed: ${messageOf(cause)}`, {
          cause,
        });
      health.failed(error);
      throw error;
    }
  }

  #withDeadline<T>(answer: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = this.#options.clock.after(
        READ_DEADLINE_MS,
        () => reject(new VenueError("unknown", "No answer came in time")),
      );
      answer.then(resolve, reject).finally(() => timer.cancel());
    });
  }
}

function isWorthRepeating({ kind }: VenueError): boolean {
  return kind === "unknown" || kind === "rate_limited" || kind === "clock";
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
