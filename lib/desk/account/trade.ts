import type { ClosedRoundTrip } from "../../../agents/portfolio/ledger.ts";
import type { OrderIntent, Trade } from "../../contracts/order.ts";
import { assert } from "../../core/assert.ts";
import type { ParentState } from "./parts/parent.ts";
import {
  type Decimal,
  decimal,
  type DecimalText,
  divide,
  roundTo,
  toDecimalText,
  ZERO,
} from "../../core/decimal.ts";

/** Decimal places of a result in multiples of the risk. */
const RESULT_R_PLACES = 4;

/** An intent that has an order or a position. */
export interface LiveIntent {
  intent: OrderIntent;
  /** Money lost at the stop, in quote currency; null until the entry was accepted. */
  riskAmount: DecimalText | null;
  /** Quantity that it is the risk of; left out where it is not known, or by older builds. */
  sizedQuantity?: DecimalText;
  /** Where its stop was moved to, at a venue; left out before. */
  moved?: { stopPrice: number; decidedSeq: number };
  /** Made for an order that the journal had lost: its risk is not known. */
  isAdopted?: true;
  /** Round trips that it has made at a venue, where a late fill may make a second one. */
  trips?: number;
  /** Price that slippage is measured against; left out while unknown. */
  decisionPrice?: number;
  /** Of one in parts or whose order was moved; left out for all others. */
  parent?: ParentState;
}

/**
 * The trade that a round trip makes together with the intent behind it.
 *
 * @throws {DefectError} If the intent is unknown or was never accepted.
 */
export function toTrade(
  closed: ClosedRoundTrip,
  live: LiveIntent | null,
): Trade {
  assert(
    live !== null && (live.riskAmount !== null || live.isAdopted === true),
    `Intent ${closed.intentId} of the closed position is unknown`,
  );
  // Without a known stop all of it was at risk.
  const risk = live.riskAmount === null
    ? closed.entryPrice.times(closed.quantity)
    : riskOf(live.riskAmount, closed, live);
  const trips = live.trips ?? 0;
  return {
    tradeId: `${closed.intentId}-trade${trips === 0 ? "" : `-${trips + 1}`}`,
    intentId: closed.intentId,
    strategy: live.intent.strategy,
    direction: closed.direction,
    quantity: toDecimalText(closed.quantity),
    entryPrice: toDecimalText(closed.entryPrice),
    entrySeq: closed.entrySeq,
    entryAt: closed.entryAt,
    exitPrice: toDecimalText(closed.exitPrice),
    exitSeq: closed.exitSeq,
    exitAt: closed.exitAt,
    exitRole: closed.exitRole,
    netPnl: toDecimalText(closed.netPnl),
    fees: toDecimalText(closed.fees),
    ...(closed.funding.eq(ZERO)
      ? {}
      : { funding: toDecimalText(closed.funding) }),
    resultR: toDecimalText(
      roundTo(divide(closed.netPnl, risk), RESULT_R_PLACES),
    ),
    reasons: live.intent.reasons,
    ...(closed.hedge === undefined ? {} : {
      hedge: {
        quantity: toDecimalText(closed.hedge.quantity),
        entryPrice: toDecimalText(closed.hedge.entryPrice),
        exitPrice: toDecimalText(closed.hedge.exitPrice),
      },
    }),
    ...(live.intent.regime === undefined ? {} : { regime: live.intent.regime }),
  };
}

/** The part of the planned risk that was taken on. */
function riskOf(
  riskAmount: DecimalText,
  { quantity }: ClosedRoundTrip,
  { parent, sizedQuantity }: LiveIntent,
): Decimal {
  const whole = decimal(riskAmount);
  const sized = parent?.quantity ?? sizedQuantity;
  if (sized === undefined || quantity.eq(decimal(sized))) return whole;
  return divide(whole.times(quantity), decimal(sized));
}
