import type { EpochMs } from "../../../contracts/primitives.ts";
import type { VenueFunding } from "../../../contracts/venue.ts";
import { FUNDING_LATE_MS, REMEMBERED_FUNDING } from "../../limits.ts";
import { RecentIds } from "../recent_ids.ts";
import type { VenueState } from "./venue_state.ts";

/**
 * Which payments of funding the books hold, so that each is booked once however
 * often the venue lists it. Ids are remembered for as long as a payment may come
 * late; what is older counts as booked, because a position may be held for more
 * payments than ids are remembered.
 */
export class BookedFunding {
  readonly #ids = new RecentIds<true>(REMEMBERED_FUNDING);
  /** Undefined where the build that wrote the state did not keep it. */
  #fromAt: EpochMs | null | undefined;

  constructor(
    { fundingIds, fundingFromAt }: Pick<
      VenueState,
      "fundingIds" | "fundingFromAt"
    >,
  ) {
    for (const id of fundingIds) this.#ids.set(id, true);
    this.#fromAt = fundingFromAt;
  }

  toState(): Pick<VenueState, "fundingIds" | "fundingFromAt"> {
    return {
      fundingIds: this.#ids.entries().map(([id]) => id),
      ...(this.#fromAt === undefined ? {} : { fundingFromAt: this.#fromAt }),
    };
  }

  /** Payments before this are not looked for; null while that is not known. */
  get fromAt(): EpochMs | null {
    return this.#fromAt ?? null;
  }

  /** Whether a payment is one of this account that is not booked yet. Who has never held anything owes none. */
  isDue({ fundingId, at }: Pick<VenueFunding, "fundingId" | "at">): boolean {
    if (this.#fromAt === null) return false;
    if (this.#fromAt !== undefined && at < this.#fromAt) return false;
    return this.#ids.get(fundingId) === null;
  }

  /** Something was filled: from the first time on, payments are of this account. */
  filled(at: EpochMs): void {
    if (this.#fromAt === null) this.#fromAt = at;
  }

  /** A payment was booked. */
  booked({ fundingId, at }: { fundingId?: string; at: EpochMs }): void {
    // That of a market of candles has none.
    if (fundingId === undefined) return;
    this.#ids.set(fundingId, true);
    const fromAt = at - FUNDING_LATE_MS;
    this.#fromAt = Math.max(this.#fromAt ?? fromAt, fromAt);
  }
}
