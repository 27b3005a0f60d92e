import type { Clock } from "../../../actors/clock.ts";
import { retryDelayMs, retryPlan } from "../../exchange/budget/retry_plan.ts";
import {
  type BudgetLane,
  type NextPage,
  VenueError,
  type VenueGateway,
} from "../../exchange/gateway/port.ts";
import type { ClockGuard } from "./clock_guard.ts";
import type { VenueHealth } from "./health.ts";
import {
  READ_DEADLINE_MS,
  READ_QUEUE_MS,
  ROUND_TRIP_WEIGHT,
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

/** A request, or one with further pages, each of which asks `nextPage` first. */
export type VenueRun<T> = (
  gateway: VenueGateway,
  nextPage: NextPage,
) => Promise<T>;

/**
 * Reads and withdrawals at a venue, under the rate budget, with one policy for
 * each kind of failure. Orders are not sent here: they are sent once.
 */
export class VenueCalls {
  readonly #options: VenueCallsOptions;
  #roundTripMs: number | null = null;

  constructor(options: VenueCallsOptions) {
    this.#options = options;
  }

  /** Usual time of a request; null before the first answer. */
  get roundTripMs(): number | null {
    return this.#roundTripMs;
  }

  /**
   * Asks again as the table of retries says: where nothing came back, after the
   * clock was set, after the wait that the venue wants. What looks for an order
   * that may be a risk is urgent: it goes first, and past an open breaker. What
   * looks after something at risk goes past it now and then.
   *
   * @throws {VenueError}
   */
  async read<T>(
    call: VenueCall,
    run: VenueRun<T>,
    { isUrgent = false, guardsRisk = false }: {
      isUrgent?: boolean;
      guardsRisk?: boolean;
    } = {},
  ): Promise<T> {
    const lane = isUrgent ? "cancel" : "data";
    const { random, sleeper, clockGuard } = this.#options;
    for (let attempt = 1;; attempt++) {
      try {
        // deno-lint-ignore no-await-in-loop -- an attempt follows from the one before
        return await this.once(call, run, {
          lane,
          isUrgent,
          guardsRisk,
          deadlineMs: READ_QUEUE_MS,
        });
      } catch (error) {
        if (!(error instanceof VenueError)) throw error;
        const { action, delayMaxMs } = retryPlan(error.kind, "read", attempt);
        if (action === "synchronise") {
          // deno-lint-ignore no-await-in-loop -- as above
          if (!await clockGuard.sync()) throw error;
        } else if (action !== "retry") throw error;
        // deno-lint-ignore no-await-in-loop -- as above
        await sleeper.sleep(retryDelayMs(delayMaxMs ?? 0, random()));
      }
    }
  }

  /**
   * One request, after its turn in the lane. Further pages of its answer wait
   * for their turns, until the answer came or is waited for no longer.
   *
   * @throws {VenueError}
   */
  async once<T>(
    call: VenueCall,
    run: VenueRun<T>,
    { lane, deadlineMs, isUrgent = false, guardsRisk = false }: {
      lane: BudgetLane;
      deadlineMs?: number;
      isUrgent?: boolean;
      guardsRisk?: boolean;
    },
  ): Promise<T> {
    const { clock, venue, health, messages } = this.#options;
    if (health.keyProblem !== null) {
      throw new VenueError("auth", health.keyProblem);
    }
    const take = () =>
      venue.budget.take(
        lane,
        venue.costOf(call),
        deadlineMs === undefined ? {} : { deadlineMs },
      );
    await take();
    const operation = call === "cancel" ? "cancel" : "read";
    const admission = health.breakers.admit(operation, { guardsRisk });
    if (!admission.isAllowed && !isUrgent) {
      throw new VenueError("maintenance", admission.reason);
    }
    messages.count();
    const sentMs = clock.monotonicMs();
    const pages = new Pages(take, messages);
    try {
      const answer = await this.#withDeadline(
        run(venue.gateway, () => pages.next()),
      );
      this.#tookMs(clock.monotonicMs() - sentMs);
      health.succeeded(operation);
      return answer;
    } catch (cause) {
      if (cause === pages.refusal) {
        // The venue has answered all that it was asked.
        health.succeeded(operation);
        throw cause;
      }
      const error = cause instanceof VenueError
        ? cause
        : new VenueError("unknown", `The call failed: ${messageOf(cause)}`, {
          cause,
        });
      health.failed(operation, error);
      throw error;
    } finally {
      pages.isOver = true;
    }
  }

  #tookMs(ms: number): void {
    const usualMs = this.#roundTripMs ?? ms;
    this.#roundTripMs = usualMs + ROUND_TRIP_WEIGHT * (ms - usualMs);
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

/** The further pages of one answer. */
class Pages {
  /** Nobody waits for the answer any more. */
  isOver = false;
  /** What the budget said to a page; null while it gave all. */
  refusal: unknown = null;
  readonly #take: () => Promise<void>;
  readonly #messages: MinuteCounter;

  constructor(take: () => Promise<void>, messages: MinuteCounter) {
    this.#take = take;
    this.#messages = messages;
  }

  /** @throws {VenueError} */
  async next(): Promise<void> {
    if (!this.isOver) {
      try {
        await this.#take();
      } catch (cause) {
        this.refusal = cause;
        throw cause;
      }
    }
    if (this.isOver) {
      throw new VenueError(
        "unknown",
        "The rest of the answer was not asked for: nobody waits for it any more",
      );
    }
    this.#messages.count();
  }
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
