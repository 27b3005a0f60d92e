/**
 * What the levers of an emergency stop do to one account, and what is left of
 * it afterwards.
 *
 * @module
 */
import type { AccountView, OpenOrderView } from "../../contracts/account.ts";
import {
  type Latch,
  STOP_ORDERS_SHOWN,
  type StopProgress,
} from "../../contracts/emergency.ts";
import { STOP_REASON, type StopInForce } from "../account/lever_orders.ts";
import { SLOW_DISK } from "../account/outage.ts";
import type { AccountFlow } from "../account_flow.ts";

/** The part of a latch that says what to do. */
type Work = Pick<Latch, "lever" | "withdrawAll" | "collarPct" | "endedAt">;

/** What an account and its agent are told while a stop is in force. */
export function stopSentence({ reason }: Pick<Latch, "reason">): string {
  const why = reason === "" ? "" : ` (${reason})`;
  return `An emergency stop is in force${why}; release it first`;
}

/** The stops of an account, oldest first, as the account has them. */
export function stopInForce(latches: readonly Latch[]): StopInForce | null {
  const newest = latches.at(-1);
  return newest === undefined ? null : {
    reason: stopSentence(newest),
    withdrawsExits: latches.some(isWithdrawingAll),
  };
}

/**
 * Pulls the lever as far as it goes now; repeated, it goes on where it was. After
 * the end of a stop it only withdraws entries.
 *
 * @returns What stands in the way, in one sentence, or null.
 */
export function pullLever(flow: AccountFlow, work: Work): string | null {
  if (work.lever === "block") return null;
  const { account, journal } = flow;
  if (journal.isFull) return journal.failure ?? SLOW_DISK.reason;
  let refusal: string | null = null;
  account.pullLever((orders) => {
    if (isWithdrawingAll(work)) orders.withdrawAll(STOP_REASON);
    else orders.withdrawEntries(STOP_REASON);
    if (work.lever === "flatten" && work.endedAt === null) {
      refusal = orders.closeWithin(work.collarPct, STOP_REASON);
    }
  });
  flow.accountChanged();
  flow.pump();
  return refusal;
}

/** The deadline has passed: a close that rests is withdrawn, so that it does not execute at a price that nobody looked at. */
export function giveUpClosing(flow: AccountFlow): void {
  if (flow.journal.isFull) return;
  flow.account.pullLever((orders) =>
    orders.giveUpClosing(
      "The emergency stop has not closed the position in time",
    )
  );
  flow.accountChanged();
}

/** Where an account of a stop stands. */
export function progressOf(
  flow: AccountFlow,
  latch: Latch,
  known: { blockedAt: number; refusal: string | null },
): StopProgress {
  const view = flow.account.view();
  const left = view.openOrders.filter(({ reduceOnly }) =>
    isWithdrawingAll(latch) || !reduceOnly
  );
  const ordersLeft = left.length;
  const isDone = latch.lever === "block" ||
    ordersLeft === 0 &&
      (latch.lever !== "flatten" || view.position === null);
  return {
    agentId: flow.account.config.agentId,
    state: isDone ? "done" : latch.endedAt === null ? "working" : "residue",
    blockedAt: known.blockedAt,
    ordersLeft,
    positionLeft: sizeOf(view),
    orders: left.slice(0, STOP_ORDERS_SHOWN).map(({ orderId, clientOrderId }) =>
      clientOrderId ?? orderId
    ),
    error: isDone
      ? inMemoryOnly(flow, latch)
      : known.refusal ?? inMemoryOnly(flow, latch) ?? atVenue(flow, left),
  };
}

/** Closing comes first; what is filled withdraws all that protected it. */
function isWithdrawingAll(
  { withdrawAll, lever }: Pick<Latch, "lever" | "withdrawAll">,
): boolean {
  return withdrawAll && lever === "cancel";
}

/** What keeps the orders of an account at a venue; null for nothing that is known. */
function atVenue(
  { venue }: AccountFlow,
  left: readonly OpenOrderView[],
): string | null {
  if (venue === null) return null;
  const block = venue.ports.entryBlock();
  if (block !== null && CONCERNS_ORDERS.has(block.code)) return block.detail;
  const unknown = left.filter(({ phase }) => phase === "unknown").length;
  return unknown === 0
    ? null
    : `The venue has not said what became of ${unknown} of its orders; they are looked for`;
}

/** What stands in the way of withdrawing and closing, too. */
const CONCERNS_ORDERS: ReadonlySet<string> = new Set([
  "VENUE_UNAVAILABLE",
  "RECONCILING",
]);

function inMemoryOnly({ journal }: AccountFlow, { lever }: Latch) {
  return lever === "block" || journal.failure === null
    ? null
    : `Done in memory only: ${journal.failure}`;
}

/** Signed size in base currency. */
function sizeOf({ position }: AccountView): string {
  if (position === null) return "0";
  return position.direction === "long"
    ? position.quantity
    : `-${position.quantity}`;
}
