import type { OpenOrder } from "../../../contracts/order.ts";
import type { EpochMs } from "../../../contracts/primitives.ts";
import { ORDER_MOMENTS_MAX } from "../../limits.ts";
import type { SentEntry, VenueState } from "./venue_state.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

type Moments = Pick<VenueState, "sentEntries" | "canceledAts" | "filledAts">;

/** When orders were sent, filled and withdrawn lately, for the controls. */
export class OrderMoments {
  #sentEntries: readonly SentEntry[];
  #canceledAts: readonly EpochMs[];
  #filledAts: readonly EpochMs[];

  constructor({ sentEntries, canceledAts, filledAts }: Moments) {
    this.#sentEntries = sentEntries;
    this.#canceledAts = canceledAts;
    this.#filledAts = filledAts;
  }

  toState(): Moments {
    return {
      sentEntries: this.#sentEntries,
      canceledAts: this.#canceledAts,
      filledAts: this.#filledAts,
    };
  }

  /** Entries sent within the minute before `now`. */
  entriesOfMinute(now: EpochMs): readonly SentEntry[] {
    return this.#sentEntries.filter(({ at }) => at > now - MINUTE_MS);
  }

  /** Orders withdrawn without a fill, and orders filled if only in part, within the hour before `now`. */
  countsOfHour(now: EpochMs): { cancels: number; fills: number } {
    const count = (ats: readonly EpochMs[]) =>
      ats.filter((at) => at > now - HOUR_MS).length;
    return { cancels: count(this.#canceledAts), fills: count(this.#filledAts) };
  }

  sent({ role, side, type, price, quantity }: OpenOrder, at: EpochMs): void {
    if (role !== "entry") return;
    const entry: SentEntry = {
      at,
      side,
      type: type === "limit" ? "limit" : "market",
      price,
      quantity,
    };
    this.#sentEntries = [...this.entriesOfMinute(at), entry]
      .slice(-ORDER_MOMENTS_MAX);
  }

  canceled(at: EpochMs): void {
    this.#canceledAts = remember(this.#canceledAts, at);
  }

  filled(at: EpochMs): void {
    this.#filledAts = remember(this.#filledAts, at);
  }
}

function remember(ats: readonly EpochMs[], at: EpochMs): readonly EpochMs[] {
  return [
    ...ats.filter((before) => before > at - HOUR_MS),
    at,
  ].slice(-ORDER_MOMENTS_MAX);
}
