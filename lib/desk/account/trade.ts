import type { ClosedRoundTrip } from "../../../agents/portfolio/ledger.ts";
import type { OrderIntent, Trade } from "../../contracts/order.ts";
import { assert } from "../../core/assert.ts";
import {
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
}

/**
 * The trade that a round trip makes together with the intent behind it.
 *
 * @throws {DefectError} If the intent is unknown or was never accepted.
 */
export function toTrade(
  closed: ClosedRoundTrip,
  live: LiveIntent | undefined,
): Trade {
  assert(
    live !== undefined && live.riskAmount !== null,
    `Intent ${closed.intentId} of the closed position is unknown`,
  );
  return {
    tradeId: `${closed.intentId}-trade`,
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
      roundTo(divide(closed.netPnl, decimal(live.riskAmount)), RESULT_R_PLACES),
    ),
    reasons: live.intent.reasons,
    ...(closed.hedge === undefined ? {} : {
      hedge: {
        quantity: toDecimalText(closed.hedge.quantity),
        entryPrice: toDecimalText(closed.hedge.entryPrice),
        exitPrice: toDecimalText(closed.hedge.exitPrice),
      },
    }),
  };
}
