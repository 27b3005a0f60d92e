import {
  checkIntent,
  type ControlContext,
  type ControlVerdict,
} from "../../../agents/risk/controls.ts";
import { hedgeQuantity } from "../../../agents/risk/hedge_controls.ts";
import type { HedgeLeg, OrderIntent } from "../../contracts/order.ts";
import {
  type Decimal,
  numberToDecimalText,
  toDecimalText,
} from "../../core/decimal.ts";
import type { AccountLog } from "./account_log.ts";
import { ACTIONS_PER_DECISION_MAX } from "../limits.ts";
import { entryOrderOf, reservedMargin } from "./orders.ts";

/** Where an intent stands in the decision that brought it. */
export interface SubmitContext {
  decidedSeq: number;
  /** Place among the actions of the decision. */
  index: number;
  /** Intents of the same decision before it. */
  freshIds: Set<string>;
}

/**
 * Takes in one intent as one transaction: journals it, runs the controls, and
 * lets the order rest or denies it. An intent that was journaled before a crash
 * and is sent again is left alone: its outcome is told from the journal.
 */
export function submitIntent(
  log: AccountLog,
  intent: OrderIntent,
  { decidedSeq, index, freshIds }: SubmitContext,
): void {
  const { book } = log;
  const { intentId } = intent;
  const knownSeq = book.knownIntentSeq(intentId);
  const isKnown = knownSeq !== null;
  if (knownSeq === decidedSeq && !freshIds.has(intentId)) return;
  freshIds.add(intentId);
  if (!isKnown) {
    log.record({ type: "INTENT", intent });
    log.write();
  }
  const context = controlContext(log, { intent, isKnown });
  const verdict = refusalOf(log, index) ?? checkIntent(context);
  if (verdict.ok) {
    log.record({
      type: "ORDER",
      order: entryOrderOf(intent, {
        quantity: verdict.sized.quantity,
        seq: book.seq,
        delay: book.terms.delay,
        hedge: hedgeLegOf(context, verdict.sized.quantity),
      }),
      riskAmount: toDecimalText(verdict.sized.riskAmount),
    });
  } else {
    log.record({ type: "DENIED", intentId, ...verdict.error });
  }
  log.commit();
}

/** The second leg of an accepted intent; null without one. */
function hedgeLegOf(
  context: ControlContext,
  quantity: Decimal,
): HedgeLeg | null {
  const { intent: { hedge }, lastHedgeClose } = context;
  const second = hedgeQuantity(context, quantity);
  if (hedge === undefined || second === null) return null;
  return {
    side: hedge.side,
    quantity: toDecimalText(second),
    reference: numberToDecimalText(lastHedgeClose!),
  };
}

/** What stands in the way of any intent, wherever its order would go. */
export function refusalOf(
  { book, outage, stop }: AccountLog,
  index: number,
): ControlVerdict | null {
  // The market goes on, in lockstep too: protection works, and the agent is told.
  if (stop !== null) {
    const detail = stop.reason;
    return { ok: false, error: { code: "EMERGENCY_STOP", detail } };
  }
  // In lockstep the market stands still instead, so that an outage changes no
  // result; a decision that an outage came upon is carried out to its end.
  if (outage !== null && book.config.pacing === "realtime") {
    const { code, reason } = outage;
    return { ok: false, error: { code, detail: reason } };
  }
  return index < ACTIONS_PER_DECISION_MAX ? null : EXCESS;
}

const EXCESS: ControlVerdict = {
  ok: false,
  error: {
    code: "ORDER_RATE_LIMIT",
    detail:
      `A decision may hold ${ACTIONS_PER_DECISION_MAX} actions, this one is beyond it`,
  },
};

/** What the controls look at in an account on candles. */
export function controlContext(
  { book }: AccountLog,
  { intent, isKnown }: { intent: OrderIntent; isKnown: boolean },
): ControlContext {
  const { valuation, config, gateway } = book;
  return {
    intent,
    seq: book.seq,
    isKnownIntent: isKnown,
    tradingState: book.standing.state,
    tradingStateReason: book.standing.reason,
    entriesAllowed: config.entriesAllowed,
    lastClose: valuation.close,
    lastHedgeClose: valuation.hedgeClose,
    equity: valuation.equity(),
    dayStart: valuation.dayStart,
    peakEquity: valuation.peakEquity(),
    lossStreak: book.lossStreak,
    hasPosition: book.ledger.position !== null,
    openOrders: gateway.size,
    ordersLastMinute: book.intentsLastMinute(),
    reservedMargin: reservedMargin(gateway.entries(), {
      leverage: config.risk.leverage,
      lastClose: valuation.close,
    }),
    risk: config.risk,
    safety: config.safety,
    costs: book.terms.costs,
  };
}
