import type { OpenOrder } from "../../../contracts/order.ts";
import type { EpochMs } from "../../../contracts/primitives.ts";
import { RecentMoments } from "./recent_moments.ts";
import type { SentEntry, VenueState } from "./venue_state.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

type Moments = Pick<VenueState, "sentEntries" | "canceledAts" | "filledAts">;

const ENTRIES = {
  atOf: (entry: SentEntry) => entry.at,
  windowMs: MINUTE_MS,
} as const;

const HOUR = { atOf: (at: EpochMs) => at, windowMs: HOUR_MS } as const;

/** When orders were sent, filled and withdrawn lately, for the controls. */
export class OrderMoments {
  readonly #sentEntries: RecentMoments<SentEntry>;
  readonly #canceledAts: RecentMoments<EpochMs>;
  readonly #filledAts: RecentMoments<EpochMs>;

  constructor({ sentEntries, canceledAts, filledAts }: Moments) {
    this.#sentEntries = new RecentMoments(sentEntries, ENTRIES);
    this.#canceledAts = new RecentMoments(canceledAts, HOUR);
    this.#filledAts = new RecentMoments(filledAts, HOUR);
  }

  toState(): Moments {
    return {
      sentEntries: this.#sentEntries.kept(),
      canceledAts: this.#canceledAts.kept(),
      filledAts: this.#filledAts.kept(),
    };
  }

  /** Entries sent within the minute before `now`. */
  entriesOfMinute(now: EpochMs): readonly SentEntry[] {
    return this.#sentEntries.before(now);
  }

  /** Orders withdrawn without a fill, and orders filled if only in part, within the hour before `now`. */
  countsOfHour(now: EpochMs): { cancels: number; fills: number } {
    return {
      cancels: this.#canceledAts.countBefore(now),
      fills: this.#filledAts.countBefore(now),
    };
  }

  /** An order was sent. Of an entry in parts, or that moves, the first one counts. */
  sent(order: OpenOrder, at: EpochMs): void {
    const { role, side, type, price, quantity, part, replaces } = order;
    if (role !== "entry" || part !== undefined || replaces !== undefined) {
      return;
    }
    this.#sentEntries.add({
      at,
      side,
      type: type === "limit" ? "limit" : "market",
      price,
      quantity,
    });
  }

  canceled(at: EpochMs): void {
    this.#canceledAts.add(at);
  }

  filled(at: EpochMs): void {
    this.#filledAts.add(at);
  }
}
