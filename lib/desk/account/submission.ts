import {
  checkIntent,
  type ControlContext,
  type ControlVerdict,
} from "../../../agents/risk/controls.ts";
import { evenPart } from "../../../agents/execution/parts.ts";
import { QUANTITY_STEP } from "../../../agents/risk/sizing.ts";
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
import { unsentLegs } from "./parts/reserved.ts";
import type { BookRecord } from "../journal/records.ts";

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
  log.judged();
  if (verdict.ok) {
    const { quantity, riskAmount } = verdict.sized;
    const shared = sharesOf(intent, { quantity, step: QUANTITY_STEP });
    log.record({
      type: "ORDER",
      order: entryOrderOf(intent, {
        quantity: shared.first,
        seq: book.seq,
        delay: book.terms.delay,
        hedge: hedgeLegOf(context, quantity),
      }),
      riskAmount: toDecimalText(riskAmount),
      ...shared.fields,
      ...lastPriceField(intent, book.valuation.close),
    });
  } else {
    log.record({ type: "DENIED", intentId, ...verdict.error });
  }
  log.commit();
}

/** What goes out first of a sized quantity, and what the journal keeps of one in parts. */
export function sharesOf(
  { parts = 1 }: OrderIntent,
  { quantity, step }: { quantity: Decimal; step: Decimal },
): {
  first: Decimal;
  fields: Pick<Extract<BookRecord, { type: "ORDER" }>, "parent">;
} {
  if (parts === 1) return { first: quantity, fields: {} };
  const even = evenPart({ quantity, parts, step });
  const parent = {
    quantity: toDecimalText(quantity),
    even: toDecimalText(even),
  };
  return { first: even, fields: { parent } };
}

/** The last price, where nothing else says what an entry was decided on. */
export function lastPriceField(
  { entry, decisionPrice }: OrderIntent,
  price: number | null,
): Pick<Extract<BookRecord, { type: "ORDER" }>, "lastPrice"> {
  const isKnown = entry.type !== "market" || typeof decisionPrice === "number";
  return isKnown || price === null ? {} : { lastPrice: price };
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
    reservedMargin: reservedMargin([
      ...gateway.entries(),
      ...unsentLegs(book.intents, gateway.entries()),
    ], {
      leverage: config.risk.leverage,
      lastClose: valuation.close,
    }),
    risk: config.risk,
    safety: config.safety,
    costs: book.terms.costs,
  };
}
