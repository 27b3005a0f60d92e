/**
 * The limits of an account against its equity, as a record where something
 * changed.
 *
 * @module
 */
import {
  evaluateLimits,
  mustFlatten,
  tradingStanding,
} from "../../../agents/risk/limits.ts";
import type { Decimal } from "../../core/decimal.ts";
import type { AccountLog } from "./account_log.ts";
import type { Book } from "./book.ts";

/** What a limit that was reached asks for. */
export interface LimitBreach {
  reason: string;
  /** Whether the position must be closed. */
  mustFlatten: boolean;
}

/** Whether the limits must be looked at after this candle. */
export function needsLimitCheck(log: AccountLog): boolean {
  const { book } = log;
  return log.mustCheckLimits || log.hasRecords ||
    book.causes.equityUnknown !== null ||
    (book.ledger.position !== null &&
      book.valuation.isNearLimit(book.terms.lossLimits));
}

/** Quick exit without decimals: no cause holds, and none is near. */
function canNothingChange(book: Book): boolean {
  const { causes, ledger, valuation, lossStreak } = book;
  const breaker = book.config.safety.breakerConsecutiveLosses;
  return causes.drawdown === null && causes.dailyLoss === null &&
    causes.equityUnknown === null &&
    (causes.breaker !== null || breaker === 0 || lossStreak < breaker) &&
    (ledger.position === null || valuation.equityEstimate !== null) &&
    !valuation.isNearLimit(book.terms.lossLimits);
}

/** Checks the limits at the last close and records what changed. Null where nothing did, or trading is active again. */
export function checkBookLimits(log: AccountLog): LimitBreach | null {
  const { book } = log;
  log.mustCheckLimits = false;
  return canNothingChange(book)
    ? null
    : checkLimitsAt(log, book.valuation.equity());
}

/** The same at this equity, in quote currency; null counts as a reached limit. */
export function checkLimitsAt(
  log: AccountLog,
  equity: Decimal | null,
): LimitBreach | null {
  const { book } = log;
  const causes = evaluateLimits({
    causes: book.causes,
    day: book.valuation.day,
    equity,
    dayStart: book.valuation.dayStart,
    peakEquity: book.valuation.peakEquity(),
    lossStreak: book.lossStreak,
    risk: book.config.risk,
    safety: book.config.safety,
  });
  if (causes === book.causes) return null;
  const { state, reason } = tradingStanding(causes);
  const why = reason ?? "Nothing holds trading back any more";
  log.record({ type: "STATE", causes, reason: why });
  return state === "active"
    ? null
    : { reason: why, mustFlatten: mustFlatten(causes) };
}
