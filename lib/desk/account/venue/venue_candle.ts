import type { Candle } from "../../../contracts/candle.ts";
import { endExpiredParents } from "../parts/end_parents.ts";
import { isUsableCandle } from "../candle_step.ts";
import {
  checkBookLimits,
  type LimitBreach,
  needsLimitCheck,
} from "../limit_check.ts";
import type { VenueDesk } from "./venue_desk.ts";

/** What a closed candle does to an account at a venue: a new day, expiry of entries, valuation at the close, limits. Returns a limit that was reached. */
export function takeVenueCandle(
  desk: VenueDesk,
  candle: Candle,
): LimitBreach | null {
  const { log } = desk;
  const { book } = log;
  const isDayOpened = book.valuation.openDay(candle.openAt);
  book.seq = candle.seq;
  book.at = candle.openAt;
  withdrawExpired(desk, candle.seq);
  const isUsable = isUsableCandle(candle);
  book.valuation.mark(isUsable ? candle.close : null);
  return isDayOpened || !isUsable || needsLimitCheck(log)
    ? checkBookLimits(log)
    : null;
}

function withdrawExpired(desk: VenueDesk, seq: number): void {
  endExpiredParents(desk.log, seq);
  for (const placed of [...desk.book.working]) {
    const { orderId, expireAfterSeq, type } = placed.order;
    if (type !== "limit" && desk.waitingEntries.delete(orderId)) {
      desk.withdraw(placed, "The entry before it was not over within a candle");
      continue;
    }
    if (expireAfterSeq === null || seq < expireAfterSeq) continue;
    const reason = `Not filled until candle ${expireAfterSeq}`;
    desk.withdraw(placed, reason, "expired");
  }
}
