import { deny, type Refusal } from "../../../agents/risk/refusal.ts";
import type { DeskAction, OpenOrder } from "../../contracts/order.ts";
import type { AccountLog } from "./account_log.ts";
import { movedStopOf } from "./orders.ts";

/** What an agent asks for. */
type StopMove = Extract<DeskAction, { kind: "moveStop" }>;

/**
 * Moves the stop of the open position as one transaction: the resting one is
 * withdrawn and another one placed. Only ever in the position's favour; what is
 * not is denied. Trading states and outages do not matter, because it takes
 * risk away.
 *
 * A decision that is taken in again after a crash changes nothing: the moved
 * stop carries its candle, and a denial is told in the next step already. So a
 * decision moves a stop once.
 */
export function moveStop(
  log: AccountLog,
  move: StopMove,
  { decidedSeq }: { decidedSeq: number },
): void {
  const { book } = log;
  const stop = book.gateway.find("stop");
  // Closed meanwhile: the agent is told of that already.
  if (stop === null || stop.intentId !== move.intentId) return;
  const { stopPrice, reason } = move;
  const moved = (price: number) =>
    movedStopOf(stop, { stopPrice: price, decidedSeq, seq: book.seq });
  if (moved(1).orderId === stop.orderId) return;
  const refusal = refusalOf(stop, {
    stopPrice,
    lastClose: book.valuation.close,
  });
  if (refusal !== null) {
    if (isDenialTold(log, move.intentId)) return;
    log.record({ type: "MOVE_DENIED", intentId: move.intentId, ...refusal });
  } else {
    log.record({ type: "CANCEL", orderId: stop.orderId, reason });
    log.record({ type: "ORDER", order: moved(stopPrice), riskAmount: null });
  }
  log.commit();
}

/** Why a stop may not be moved there, or null. */
export function refusalOf(
  stop: Pick<OpenOrder, "side" | "price" | "hedge">,
  { stopPrice, lastClose }: { stopPrice: number; lastClose: number | null },
): Refusal | null {
  if (stop.hedge !== undefined) {
    return deny("HEDGE_INVALID", "The stop of a pair stays where it is");
  }
  if (!Number.isFinite(stopPrice) || stopPrice <= 0) {
    return deny(
      "ORDER_INVALID",
      `The stop price must be a positive number, was ${stopPrice}`,
    );
  }
  if (lastClose === null) {
    return deny(
      "REFERENCE_PRICE_MISSING",
      "No market price is known to check the stop against",
    );
  }
  // The stop of a long sells.
  const direction = stop.side === "sell" ? 1 : -1;
  if (direction * (lastClose - stopPrice) <= 0) {
    return deny(
      "STOP_WRONG_SIDE",
      `The stop ${stopPrice} of a ${
        direction > 0 ? "long" : "short"
      } position must be ${
        direction > 0 ? "below" : "above"
      } the last close ${lastClose}`,
    );
  }
  return direction * (stopPrice - Number(stop.price)) > 0 ? null : deny(
    "STOP_NOT_FAVOURABLE",
    `The stop may only go ${
      direction > 0 ? "up" : "down"
    }: it rests at ${stop.price}, ${stopPrice} was asked for`,
  );
}

/** Whether the next step tells of a denied move of this intent already. */
export function isDenialTold(
  { book, events }: AccountLog,
  intentId: string,
): boolean {
  const untold = events.own(book.seq + 1)?.events ?? [];
  return untold.some((event) =>
    event.type === "StopMoveDenied" && event.intentId === intentId
  );
}
