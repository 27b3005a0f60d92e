/**
 * The protective stop of a pair. What two markets did within a candle is not
 * known, so it is looked at when the candle has closed and executed at the next
 * open. It belongs to the desk: it holds whatever becomes of the agent.
 *
 * @module
 */
import { decimal, ZERO } from "../../core/decimal.ts";
import type { AccountLog } from "./account_log.ts";
import { reachedStopOf } from "./orders.ts";

/**
 * Turns the resting stop of a pair into a market order where the value of the
 * pair, A − ratio × B, closed at or beyond it. Exact: equal values count as
 * reached.
 */
export function checkPairStop(log: AccountLog): void {
  const { gateway, ledger, valuation, seq, terms } = log.book;
  const { close, hedgeClose } = valuation;
  const { position } = ledger;
  if (position?.hedge === undefined) return;
  if (close === null || hedgeClose === null) return;
  const stop = gateway.find("stop");
  if (stop === null || stop.hedge === undefined || stop.price === null) return;
  // In quantities of both legs, so that nothing is divided.
  const first = decimal(close).minus(decimal(stop.price))
    .times(position.quantity);
  const second = decimal(hedgeClose).minus(decimal(stop.hedge.reference))
    .times(position.hedge.quantity);
  const above = first.minus(second);
  const isReached = position.direction === "long"
    ? above.lte(ZERO)
    : above.gte(ZERO);
  if (!isReached) return;
  log.record({
    type: "CANCEL",
    orderId: stop.orderId,
    reason: "The value of the pair closed beyond its stop",
  });
  log.record({
    type: "ORDER",
    order: reachedStopOf(stop, { seq, delay: terms.delay }),
    riskAmount: null,
  });
}
