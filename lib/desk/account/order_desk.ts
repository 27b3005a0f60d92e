import type { Candle } from "../../contracts/candle.ts";
import type { DeskAction, OrderIntent } from "../../contracts/order.ts";
import { orderIdOf } from "../../../agents/execution/matching.ts";
import type { AccountLog } from "./account_log.ts";
import { processCandle } from "./candle_step.ts";
import { type LeverOrders, leverOrders } from "./lever_orders.ts";
import { cancelEntries, closeAtOpen, closeNow } from "./order_actions.ts";
import { moveStop } from "./stop_moves.ts";
import { type SubmitContext, submitIntent } from "./submission.ts";

/** Where the orders of an account go: matched against candles, or to a venue. */
export interface OrderDesk {
  /** Takes in one closed candle, as one transaction. */
  step(candle: Candle): void;
  /** Takes in one intent, as one transaction. */
  submit(intent: OrderIntent, context: SubmitContext): void;
  moveStop(
    move: Extract<DeskAction, { kind: "moveStop" }>,
    context: { decidedSeq: number },
  ): void;
  /** Withdraws the entry of an intent, if it still works. */
  cancelEntry(intentId: string, reason: string): void;
  /** Closes the position because the agent decided so. */
  close(reason: string): void;
  /** Withdraws every entry; the caller commits. */
  withdrawEntries(reason: string): void;
  /** Closes the position as soon as it can be; the caller commits. */
  closeNow(reason: string): void;
  /** What an emergency stop may do to them. */
  levers(): LeverOrders;
  /** Ends a transaction. */
  commit(): void;
}

/** Orders are matched against closed candles. */
export class CandleDesk implements OrderDesk {
  readonly #log: AccountLog;

  constructor(log: AccountLog) {
    this.#log = log;
  }

  step(candle: Candle): void {
    processCandle(this.#log, candle);
  }

  submit(intent: OrderIntent, context: SubmitContext): void {
    submitIntent(this.#log, intent, context);
  }

  moveStop(
    move: Extract<DeskAction, { kind: "moveStop" }>,
    context: { decidedSeq: number },
  ): void {
    moveStop(this.#log, move, context);
  }

  cancelEntry(intentId: string, reason: string): void {
    const orderId = orderIdOf(intentId, "entry");
    // Filled, expired or denied meanwhile: the agent is told of that already.
    if (!this.#log.book.gateway.has(orderId)) return;
    this.#log.record({ type: "CANCEL", orderId, reason });
    this.commit();
  }

  close(): void {
    closeAtOpen(this.#log);
    this.commit();
  }

  withdrawEntries(reason: string): void {
    cancelEntries(this.#log, reason);
  }

  closeNow(reason: string): void {
    closeNow(this.#log, reason);
  }

  levers(): LeverOrders {
    return leverOrders(this.#log, this);
  }

  commit(): void {
    this.#log.commit();
  }
}
