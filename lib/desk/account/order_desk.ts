import type { Candle } from "../../contracts/candle.ts";
import type { DeskAction, OrderIntent } from "../../contracts/order.ts";
import type { AccountLog } from "./account_log.ts";
import { processCandle } from "./candle_step.ts";
import { type LeverOrders, leverOrders } from "./lever_orders.ts";
import { cancelEntries, closeAtOpen, closeNow } from "./order_actions.ts";
import { CandleParts } from "./parts/candle_parts.ts";
import {
  type PartAction,
  type RepriceAction,
  takePart,
  takeReprice,
} from "./parts/requests.ts";
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
  /** Sends a part of an intent, as one transaction. */
  sendPart(action: PartAction, context: SubmitContext): void;
  /** Moves a working part to another price, as one transaction. */
  reprice(action: RepriceAction, context: SubmitContext): void;
  /** Withdraws what works of the entry of an intent, and sends nothing more of it. */
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
  readonly #parts: CandleParts;

  constructor(log: AccountLog) {
    this.#log = log;
    this.#parts = new CandleParts(log);
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

  sendPart(action: PartAction, context: SubmitContext): void {
    takePart(this.#parts, action, context);
    this.commit();
  }

  reprice(action: RepriceAction, context: SubmitContext): void {
    takeReprice(this.#parts, action, context);
    this.commit();
  }

  cancelEntry(intentId: string, reason: string): void {
    const { book } = this.#log;
    const parent = book.liveIntent(intentId)?.parent;
    if (parent !== undefined && parent.over === null) {
      const cause = "withdrawn";
      this.#log.record({ type: "PARENT_OVER", intentId, reason, cause });
    }
    // Filled, expired or denied meanwhile: the agent is told of that already.
    for (const order of book.gateway.entries()) {
      if (order.intentId !== intentId) continue;
      this.#log.record({ type: "CANCEL", orderId: order.orderId, reason });
    }
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
