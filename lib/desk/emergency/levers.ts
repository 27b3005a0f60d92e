/**
 * What the levers of an emergency stop do to one account, and what is left of
 * it afterwards.
 *
 * @module
 */
import type { AccountView } from "../../contracts/account.ts";
import type { Latch, StopProgress } from "../../contracts/emergency.ts";
import { SLOW_DISK } from "../account/outage.ts";
import type { AccountFlow } from "../account_flow.ts";

/** The part of a latch that says what to do. */
type Work = Pick<Latch, "lever" | "withdrawAll" | "collarPct" | "endedAt">;

const REASON = "An emergency stop withdraws it";

/** What an account and its agent are told while a stop is in force. */
export function stopSentence({ reason }: Pick<Latch, "reason">): string {
  const why = reason === "" ? "" : ` (${reason})`;
  return `An emergency stop is in force${why}; release it first`;
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
    if (isWithdrawingAll(work)) orders.withdrawAll(REASON);
    else orders.withdrawEntries(REASON);
    if (work.lever === "flatten" && work.endedAt === null) {
      refusal = orders.closeWithin(work.collarPct, REASON);
    }
  });
  flow.reporter.touch();
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
  flow.reporter.touch();
}

/** Where an account of a stop stands. */
export function progressOf(
  flow: AccountFlow,
  latch: Latch,
  known: { blockedAt: number; refusal: string | null },
): StopProgress {
  const view = flow.account.view();
  const ordersLeft =
    view.openOrders.filter(({ reduceOnly }) =>
      isWithdrawingAll(latch) || !reduceOnly
    ).length;
  const isDone = latch.lever === "block" ||
    ordersLeft === 0 &&
      (latch.lever !== "flatten" || view.position === null);
  return {
    agentId: flow.account.config.agentId,
    state: isDone ? "done" : latch.endedAt === null ? "working" : "residue",
    blockedAt: known.blockedAt,
    ordersLeft,
    positionLeft: sizeOf(view),
    error: isDone
      ? inMemoryOnly(flow, latch)
      : known.refusal ?? inMemoryOnly(flow, latch),
  };
}

/** Closing comes first; what is filled withdraws all that protected it. */
function isWithdrawingAll({ withdrawAll, lever }: Work): boolean {
  return withdrawAll && lever === "cancel";
}

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
