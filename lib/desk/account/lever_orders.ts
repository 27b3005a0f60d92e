import { withSlippage } from "../../../agents/execution/matching.ts";
import { decimal } from "../../core/decimal.ts";
import type { AccountLog } from "./account_log.ts";
import { changeHold, type HoldChange } from "../guard/change_hold.ts";
import { cancelAll } from "./order_actions.ts";

/** What withdraws and closes the orders of an account. */
export interface StoppableOrders {
  withdrawEntries(reason: string): void;
  /** Closes the position at the last price, or at the next open while none is known. */
  closeNow(reason: string): void;
}

/** An emergency stop as an account has it while it is in force. */
export interface StopInForce {
  /** Why no entry is let in. */
  reason: string;
  /** Whether stops and targets stay withdrawn, too. */
  withdrawsExits: boolean;
}

/** Why an emergency stop withdraws and closes; what it began to close is known by it. */
export const STOP_REASON = "An emergency stop withdraws it";

/** What an emergency stop may do to an account. None of it ends the transaction. */
export interface LeverOrders {
  /** From here on no entry is let in; null lets them in again. */
  block(stop: StopInForce | null): void;
  withdrawEntries(reason: string): void;
  /** Stops, targets and closes, too. */
  withdrawAll(reason: string): void;
  /** Closes the position unless that is further from the last price than allowed; answers with what stands in the way, or null. */
  closeWithin(collarPct: number, reason: string): string | null;
  /** Withdraws a close that rests. */
  giveUpClosing(reason: string): void;
  /** What a risk manager wants of the account changes. */
  hold(change: HoldChange): void;
}

/** The orders of an account on candles, as an emergency stop has them. */
export function leverOrders(
  log: AccountLog,
  orders: StoppableOrders,
): LeverOrders {
  return {
    block: (stop) => {
      log.stop = stop;
    },
    withdrawEntries: (reason) => orders.withdrawEntries(reason),
    withdrawAll: (reason) => cancelAll(log, reason),
    closeWithin(collarPct, reason) {
      if (log.book.ledger.position === null) return null;
      const offPct = distancePct(log);
      if (offPct !== null && offPct > collarPct) {
        return `It would be closed ${
          offPct.toFixed(2)
        } % from the last price, more than the ${collarPct} % that are allowed; stop again with a wider collar`;
      }
      orders.closeNow(reason);
      return null;
    },
    hold: (change) => changeHold(log, orders, change),
    giveUpClosing(reason) {
      const resting = log.book.gateway.find("close");
      if (resting === null) return;
      log.record({ type: "CANCEL", orderId: resting.orderId, reason });
    },
  };
}

/** How far from the last price the position would be closed, in percent of it; null while no price is known. */
function distancePct(
  { book: { ledger: { position }, valuation, terms } }: AccountLog,
): number | null {
  if (position === null || valuation.close === null) return null;
  const last = decimal(valuation.close);
  const side = position.direction === "long" ? "sell" : "buy";
  const price = withSlippage(last, side, terms.costs);
  return Number(price.minus(last).abs().div(last).times(100));
}
