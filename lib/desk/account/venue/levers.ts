/**
 * What an emergency stop does to an account at a venue. Withdrawals and the close
 * go out as for anybody else; they are repeated until the venue has proven each
 * order gone.
 *
 * @module
 */
import { changeHold } from "../../guard/change_hold.ts";
import { type LeverOrders, STOP_REASON } from "../lever_orders.ts";
import type { VenueDesk } from "./venue_desk.ts";

/** The orders of an account at a venue, as an emergency stop has them. */
export function venueLevers(desk: VenueDesk): LeverOrders {
  return {
    block(stop) {
      desk.log.stop = stop;
      if (stop !== null) dropQueuedEntries(desk, stop.reason);
    },
    withdrawEntries: (reason) => desk.withdrawEntries(reason),
    withdrawAll(reason) {
      for (const placed of [...desk.book.working]) {
        // A market order that closes does not rest: it is through, or is looked for.
        const isCloser = placed.order.role !== "entry" &&
          placed.order.type === "market";
        if (!isCloser) desk.withdraw(placed, reason);
      }
    },
    closeWithin: (collarPct, reason) =>
      closeWithin(desk, { collarPct, reason }),
    giveUpClosing: (reason) => giveUpClosing(desk, reason),
    hold: (change) =>
      changeHold(desk.log, {
        withdrawEntries: (reason) => desk.withdrawEntries(reason),
        closeNow: (reason) => desk.wishClosed("close", reason),
      }, change),
  };
}

function dropQueuedEntries(desk: VenueDesk, reason: string): void {
  for (const placed of [...desk.book.working]) {
    const isQueued = placed.order.role === "entry" && placed.phase === "queued";
    if (isQueued) desk.withdraw(placed, reason);
  }
}

function closeWithin(
  desk: VenueDesk,
  { collarPct, reason }: { collarPct: number; reason: string },
): string | null {
  if (desk.log.book.ledger.position === null) return null;
  if (desk.book.closing !== null) {
    return desk.held.has(desk.book.closing.role)
      ? "The venue has refused to close it; it is tried again with the next candle"
      : null;
  }
  const stale = desk.ports.priceBlock();
  const offPct = distancePct(desk);
  if (stale !== null || offPct === null) {
    return `It is not closed while nobody knows at which price: ${
      stale?.detail ?? "no price of the market has come yet"
    }`;
  }
  if (offPct > collarPct) {
    return `It would be closed ${
      offPct.toFixed(2)
    } % from the last price, more than the ${collarPct} % that are allowed; stop again with a wider collar`;
  }
  desk.wishClosed("close", reason);
  return null;
}

/** How far the best price that the position could be left at is from the mark, else from the last close, in percent; null while either is unknown. */
function distancePct({ log, quote }: VenueDesk): number | null {
  const { position } = log.book.ledger;
  const last = quote?.mark ?? log.book.valuation.close;
  if (position === null || quote === null || last === null) return null;
  const price = position.direction === "long" ? quote.bid : quote.ask;
  return Math.abs(price - last) / last * 100;
}

/** Only what a stop began to close: a limit that closes goes on. */
function giveUpClosing(desk: VenueDesk, reason: string): void {
  if (desk.book.closing?.reason !== STOP_REASON) return;
  for (const placed of [...desk.book.working]) {
    if (placed.order.role === "close") desk.withdraw(placed, reason);
  }
  desk.endClosing(reason);
}
