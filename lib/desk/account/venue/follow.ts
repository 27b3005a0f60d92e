/**
 * What an account at a venue does next, from its books alone: it looks at what
 * is held, what is wished and which orders work, and withdraws or places what is
 * missing. It runs after every change and after a recovery; run again without a
 * change it does nothing.
 *
 * @module
 */
import type { OpenPosition } from "../../../../agents/portfolio/ledger.ts";
import { followClosing } from "./closing.ts";
import { isDust, writeOffDust } from "./dust.ts";
import { workingExits } from "./exit_orders.ts";
import { endOwnDrift, raiseDrift } from "./drift.ts";
import { followProtection } from "./protection.ts";
import { LANES, type VenueDesk } from "./venue_desk.ts";
import { endIntent, followMoves, withdrawExcess } from "./venue_parts.ts";
import { endParents } from "../parts/end_parents.ts";

/** Brings orders in line with position and wishes. */
export function follow(desk: VenueDesk): void {
  const { book, log } = desk;
  if (book.closing !== null) desk.withdrawEntries(book.closing.reason);
  withdrawExcess(desk);
  const { position } = log.book.ledger;
  if (position === null) {
    withdrawExits(desk, "The position is closed");
    withdrawLeftEntries(desk);
    endOwnDrift(desk);
    followMoves(desk);
    releaseWaitingEntries(desk);
    return;
  }
  withdrawOtherEntries(desk, position);
  followMoves(desk);
  const why = whyUnwanted(desk, position);
  if (why !== null && book.closing === null) {
    raiseDrift(desk, why);
    desk.wishClosed("close", why);
    desk.withdrawEntries(why);
  }
  if (isDust(desk, position)) {
    writeOffDust(desk, position);
    return follow(desk);
  }
  if (book.closing !== null) {
    followClosing(desk, { position, closing: book.closing });
  } else if (log.stop?.withdrawsExits === true) {
    withdrawExits(desk, log.stop.reason);
  } else followProtection(desk, position);
}

function withdrawExits(desk: VenueDesk, reason: string): void {
  for (const placed of workingExits(desk)) {
    desk.withdraw(placed, reason);
  }
}

/** The entry before them is over and brought nothing: their turn has come, if the driver still lets them go. */
function releaseWaitingEntries(desk: VenueDesk): void {
  if (desk.waitingEntries.size === 0 || desk.hasEntryOut()) return;
  const [orderId] = desk.waitingEntries;
  desk.waitingEntries.delete(orderId!);
  const placed = desk.book.find(orderId!);
  if (placed === null) return releaseWaitingEntries(desk);
  desk.command({ type: "queue", orderId: orderId!, lane: LANES.entry });
}

/** The rest of an entry whose position was closed before it was filled in full, in all its parts. */
function withdrawLeftEntries(desk: VenueDesk): void {
  for (const placed of [...desk.book.working]) {
    const { role, intentId } = placed.order;
    const live = desk.log.book.liveIntent(intentId);
    const isLeft = role === "entry" &&
      (Number(placed.filled) > 0 || (live?.trips ?? 0) > 0);
    if (isLeft) desk.withdraw(placed, "The position is closed");
  }
}

/** One position a market: other entries go, and so does the rest of its own when it is being left. */
function withdrawOtherEntries(desk: VenueDesk, position: OpenPosition): void {
  const { intentId: own } = position;
  const isLeaving = position.exitedQuantity.gt(0);
  endParents(desk.log, { reason: "Another entry was filled", except: own });
  if (isLeaving) {
    endIntent(desk, { intentId: own, reason: "The position is being left" });
  }
  for (const placed of [...desk.book.working]) {
    const { role, intentId } = placed.order;
    if (role !== "entry") continue;
    if (intentId !== own) desk.withdraw(placed, "Another entry was filled");
  }
}

/** Why a position must not be kept, one sentence; null for one that was decided on. */
function whyUnwanted(
  { log }: VenueDesk,
  { intentId, direction }: OpenPosition,
): string | null {
  const live = log.book.liveIntent(intentId);
  if (live === null || live.isAdopted === true) {
    return "The position comes from an order that was on no record; it is closed";
  }
  const isOther = (live.intent.side === "buy") !== (direction === "long");
  if (isOther) {
    return "An exit was filled for more than was held; the rest is closed";
  }
  return (live.trips ?? 0) === 0
    ? null
    : "An entry was filled after its position was closed; it is closed too";
}
