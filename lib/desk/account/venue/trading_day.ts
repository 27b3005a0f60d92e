import { equityAt } from "../../../../agents/portfolio/valuation.ts";
import { checkLimitsAt, type LimitBreach } from "../limit_check.ts";
import type { VenueDesk } from "./venue_desk.ts";

/**
 * Opens the UTC day that it is by the desk's clock, before anything of it is
 * booked: what is lost between midnight and the close of the day's first candle
 * counts to it. What was latched for the day before is let go. Returns a limit
 * that was reached.
 */
export function openTradingDay(desk: VenueDesk): LimitBreach | null {
  const { log, ports } = desk;
  const { ledger, valuation } = log.book;
  const closes = { close: desk.price, hedgeClose: null };
  if (!valuation.openDay(ports.nowMs(), closes)) return null;
  // The day's start must outlast a crash.
  log.record({ type: "MARK" });
  const equity = equityAt(ledger, closes);
  // Without a price the next candle looks.
  if (equity === null) log.mustCheckLimits = true;
  return equity === null ? null : checkLimitsAt(log, equity);
}
