/**
 * What one closed candle does to an account, in this order: a new day, funding,
 * fills by the paper rules, expiry, valuation at the close, limits.
 *
 * @module
 */
import { FUNDING_MS, fundingTimes } from "../../../agents/execution/costs.ts";
import {
  averageEntryPrice,
  directionSign,
  type HedgePosition,
} from "../../../agents/portfolio/ledger.ts";
import type { EpochMs } from "../../contracts/primitives.ts";
import {
  type Decimal,
  decimal,
  toBooked,
  toDecimalText,
} from "../../core/decimal.ts";
import type { Candle } from "../../contracts/candle.ts";
import type { AccountLog } from "./account_log.ts";
import { MARK_EVERY_CANDLES } from "../limits.ts";
import { bookFill, cancelEntries, closeAtOpen } from "./order_actions.ts";
import { checkBookLimits, needsLimitCheck } from "./limit_check.ts";
import { checkPairStop } from "./pair_stop.ts";
import { endExpiredParents } from "./parts/end_parents.ts";

/** Processes a candle as one transaction. Without orders and position it does no decimal arithmetic. */
export function processCandle(log: AccountLog, candle: Candle): void {
  const { book } = log;
  const isDayOpened = book.valuation.openDay(candle.openAt);
  const { at: lastAt } = book;
  book.seq = candle.seq;
  book.at = candle.openAt;
  if (book.terms.costs.hasFunding && lastAt !== null) payFunding(log, lastAt);
  const isUsable = isUsableCandle(candle) &&
    (candle.hedge === undefined || isUsableCandle(candle.hedge));
  if (isUsable && book.gateway.size > 0) matchCandle(log, candle);
  if (book.intents.openParents > 0) endExpiredParents(log, candle.seq);
  book.valuation.mark(
    isUsable ? candle.close : null,
    isUsable && candle.hedge !== undefined ? candle.hedge.close : null,
  );
  if (book.ledger.position?.hedge !== undefined) checkPairStop(log);
  const isUnknown = !isUsable ||
    (candle.hedge === undefined && book.ledger.position?.hedge !== undefined);
  if (isDayOpened || isUnknown || needsLimitCheck(log)) checkLimits(log);
  const isSample = candle.seq % MARK_EVERY_CANDLES === 0;
  if (isSample && log.isJournaled && !log.hasRecords) {
    log.record({ type: "MARK" });
  }
  if (isSample || log.hasRecords) log.commit(isSample);
}

/**
 * Funding times since the candle before, at its close; at the entry where that
 * is unknown. A position that is open by then pays for all of them.
 */
function payFunding(log: AccountLog, lastAt: EpochMs): void {
  const { ledger, valuation, terms, at } = log.book;
  const { position } = ledger;
  const times = at === null ? 0 : fundingTimes(lastAt, at);
  if (position === null || times <= 0 || at === null) return;
  const price = valuation.close === null
    ? toBooked(averageEntryPrice(position))
    : decimal(valuation.close);
  const first = price.times(position.quantity);
  const amount = toBooked(
    (position.hedge === undefined
      ? first
      : first.minus(hedgeValue(position.hedge, valuation.hedgeClose)))
      .times(terms.costs.fundingRate).times(times)
      .times(directionSign(position.direction)),
  );
  log.record({
    type: "FUNDING",
    at: Math.floor(at / FUNDING_MS) * FUNDING_MS,
    price: toDecimalText(price),
    amount: toDecimalText(amount),
  });
}

/** Value of the second leg at its close, or at its entry where that is unknown; it pays the other way round. */
function hedgeValue(
  { quantity, cost }: HedgePosition,
  close: number | null,
): Decimal {
  return close === null ? cost : decimal(close).times(quantity);
}

function matchCandle(log: AccountLog, candle: Candle): void {
  const { gateway, terms } = log.book;
  for (const { orderId } of gateway.refusedBy(candle)) {
    log.record({
      type: "CANCEL",
      orderId,
      reason: "POST_ONLY_WOULD_TAKE: the market opened beyond its limit",
      cause: "post_only",
    });
  }
  // Each turn takes an order out of the book, and an entry adds its bracket
  // once, so the loop ends.
  for (
    let match = gateway.match(candle, terms.costs);
    match !== null;
    match = gateway.match(candle, terms.costs)
  ) {
    bookFill(log, { ...match, seq: candle.seq, at: candle.openAt });
  }
  if (!gateway.hasExpiredBy(candle.seq)) return;
  for (const order of gateway.expiredBy(candle.seq)) {
    log.record({
      type: "CANCEL",
      orderId: order.orderId,
      reason: `Not filled until candle ${order.expireAfterSeq}`,
      cause: "expired",
    });
  }
}

/** Withdraws entries and, where money was lost, closes at the next open. */
function checkLimits(log: AccountLog): void {
  const breach = checkBookLimits(log);
  if (breach === null) return;
  cancelEntries(log, breach.reason);
  if (breach.mustFlatten) closeAtOpen(log);
}

/** Whether the prices of a candle can be traded on; false for anything not finite, not positive or upside down. */
export function isUsableCandle(
  candle: Pick<Candle, "open" | "high" | "low" | "close">,
): boolean {
  const { open, high, low, close } = candle;
  return low > 0 && high < Infinity && open >= low && open <= high &&
    close >= low && close <= high;
}
