/**
 * What a desk does with orders, as records of one account. None of these ends
 * the transaction; the caller commits.
 *
 * @module
 */
import {
  type Execution,
  toFill,
  withSlippage,
} from "../../../agents/execution/matching.ts";
import type { OpenOrder } from "../../contracts/order.ts";
import type { EpochMs } from "../../contracts/primitives.ts";
import { assert } from "../../core/assert.ts";
import { decimal } from "../../core/decimal.ts";
import type { AccountLog } from "./account_log.ts";
import { bracketOf, closeOrderOf, grownExitOf } from "./orders.ts";
import { endParents } from "./parts/end_parents.ts";

/** An order with what filled it and when. */
export interface OrderFill {
  order: OpenOrder;
  execution: Execution;
  seq: number;
  at: EpochMs;
}

/**
 * Books a fill and what follows from it. An entry gets its stop and target and
 * withdraws every other entry (one position a market); an exit withdraws all
 * that rests, so that nothing is left that would reduce nothing.
 */
export function bookFill(log: AccountLog, fill: OrderFill): void {
  const { order, seq } = fill;
  log.record({ type: "FILL", fill: toFill(fill, log.book.terms.costs) });
  log.hasFilled = true;
  if (order.role !== "entry") {
    cancelAll(log, `The ${order.role} was filled`);
    return;
  }
  const { intentId } = order;
  cancelEntries(log, "Another entry was filled", { except: intentId });
  const live = log.book.liveIntent(intentId);
  assert(live !== null, `Intent ${intentId} of a fill is unknown`);
  if (live.parent !== undefined && growExits(log, fill)) return;
  const bracket = bracketOf({ entry: order, intent: live.intent }, { seq });
  for (const protection of bracket) {
    log.record({ type: "ORDER", order: protection, riskAmount: null });
  }
}

/** Lets stop and target of a position cover a further part of its entry; false where it has no stop yet. */
function growExits(log: AccountLog, { order, seq }: OrderFill): boolean {
  const { gateway, ledger } = log.book;
  if (gateway.find("stop") === null) return false;
  const { quantity } = ledger.position!;
  for (const role of ["stop", "target"] as const) {
    const exit = gateway.find(role);
    if (exit === null) continue;
    const { orderId } = exit;
    const reason = "Another part of the entry was filled";
    log.record({ type: "CANCEL", orderId, reason });
    const grown = grownExitOf(exit, { entry: order, quantity, seq });
    log.record({ type: "ORDER", order: grown, riskAmount: null });
  }
  return true;
}

/** Withdraws every resting entry, and sends nothing more for any intent; those of one intent may be left alone. */
export function cancelEntries(
  log: AccountLog,
  reason: string,
  { except }: { except?: string } = {},
): void {
  endParents(log, { reason, except });
  for (const { orderId, intentId } of log.book.gateway.entries()) {
    if (intentId === except) continue;
    log.record({ type: "CANCEL", orderId, reason });
  }
}

/** Lets a market close rest for the next open and returns it; null where there is no position or one rests already. */
export function closeAtOpen(log: AccountLog): OpenOrder | null {
  const { ledger, gateway, seq, terms } = log.book;
  if (ledger.position === null || gateway.find("close") !== null) return null;
  if (log.book.intents.openParents > 0) {
    cancelEntries(log, "The position is being closed");
  }
  const order = closeOrderOf(ledger.position, { seq, delay: terms.delay });
  log.record({ type: "ORDER", order, riskAmount: null });
  return order;
}

/** Closes at the last close with slippage, or at the next open while no price is known. */
export function closeNow(log: AccountLog, reason: string): void {
  const { ledger, gateway, valuation, seq, at, terms } = log.book;
  if (ledger.position === null) return;
  const { hedge } = ledger.position;
  const isUnknown = valuation.close === null ||
    (hedge !== undefined && valuation.hedgeClose === null);
  if (isUnknown || at === null) {
    closeAtOpen(log);
    return;
  }
  const resting = gateway.find("close");
  if (resting !== null) {
    log.record({ type: "CANCEL", orderId: resting.orderId, reason });
  }
  const order = closeAtOpen(log);
  assert(order !== null, "A position without a resting close can be closed");
  bookFill(log, {
    order,
    execution: {
      price: withSlippage(decimal(valuation.close!), order.side, terms.costs),
      liquidity: "taker",
      atOpen: true,
      ...(order.hedge === undefined ? {} : {
        hedgePrice: withSlippage(
          decimal(valuation.hedgeClose!),
          order.hedge.side,
          terms.costs,
        ),
      }),
    },
    seq,
    at,
  });
  log.mustCheckLimits = true;
}

/** Withdraws all that rests. */
export function cancelAll(log: AccountLog, reason: string): void {
  for (const { orderId } of log.book.gateway.openOrders()) {
    log.record({ type: "CANCEL", orderId, reason });
  }
}
