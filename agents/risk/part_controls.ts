/**
 * Controls over one part of an intent that was let through before, or over what
 * is left of one at another price. They are those of an entry, less what
 * belongs to the decision as a whole: its id, its size, and that nothing is held.
 *
 * @module
 */
import { type Decimal, toDecimalText } from "../../lib/core/decimal.ts";
import {
  completed,
  type Control,
  type ControlContext,
  type ControlVerdict,
  plannedPrice,
  type SizedControl,
} from "./controls.ts";
import { denyPassedTrigger, denyTaking } from "./entry_controls.ts";
import {
  denyBreaker,
  denyCollar,
  denyDailyLoss,
  denyDrawdown,
  denyLate,
  denyNoReference,
  denyNotRunning,
  denyOpenOrders,
  denyOrderRate,
  denyPrices,
  denyStopSide,
  denyTargetSide,
  denyTradingState,
  denyUnknownEquity,
} from "./intent_controls.ts";
import { deny, type Refusal } from "./refusal.ts";
import {
  denyCapital,
  denyLiquidation,
  denyTooSmall,
} from "./sized_controls.ts";
import { sizeOf } from "./sizing.ts";
import {
  denyAccountOrderRate,
  denyBlocked,
  denyCancelRatio,
  denyDrift,
  denyMarketKind,
  denyMessageRate,
  denyPassedStop,
  denyPassedTarget,
  denyQuoteCollar,
  denyStaleReference,
  denyUnknownOutcome,
  denyWithoutRules,
} from "./venue_intent_controls.ts";
import {
  denyAboveMaximum,
  denyBalance,
  denyGrossExposure,
  denyOrderLimits,
  denyPosition,
  denySelfMatch,
} from "./venue_sized_controls.ts";

/** The order of a part. */
export interface PartOfIntent {
  quantity: Decimal;
  /** What the intent was sized to. */
  intended: Decimal;
  /** What was filled of it and what its other orders may still fill. */
  sent: Decimal;
}

/** Controls over a part before its size matters, in the order they run. */
export const PART_CONTROLS: readonly Control[] = [
  denyBlocked,
  denyLate,
  denyTradingState,
  denyNotRunning,
  denyDrift,
  denyUnknownOutcome,
  denyPrices,
  denyMarketKind,
  denyWithoutRules,
  denyNoReference,
  denyStaleReference,
  denyCollar,
  denyQuoteCollar,
  denyStopSide,
  denyPassedStop,
  denyTargetSide,
  denyPassedTarget,
  denyTaking,
  denyPassedTrigger,
  denyUnknownEquity,
  denyDailyLoss,
  denyDrawdown,
  denyBreaker,
  denyOpenOrders,
  denyOrderRate,
  denyAccountOrderRate,
  denyMessageRate,
  denyCancelRatio,
];

/** Controls over its size, in the order they run. */
export const SIZED_PART_CONTROLS: readonly SizedControl[] = [
  denyCapital,
  denyTooSmall,
  denyLiquidation,
  denyOrderLimits,
  denyAboveMaximum,
  denyPosition,
  denyGrossExposure,
  denyBalance,
  denySelfMatch,
];

/**
 * Runs every control over a part; the first refusal wins. The intent of the
 * context has the part's own entry, the candle it was decided on and the stop
 * where it is now; `reservedMargin` is what the position and all other parts need.
 */
export function checkPart(
  given: ControlContext,
  part: PartOfIntent,
): ControlVerdict {
  const context = completed(given);
  for (const control of PART_CONTROLS) {
    const error = control(context);
    if (error !== null) return { ok: false, error };
  }
  const excess = denyExcess(part);
  if (excess !== null) return { ok: false, error: excess };
  const { intent, risk, costs } = context;
  const equity = context.equity!;
  const entryPrice = plannedPrice(context);
  const sized = sizeOf(part.quantity, {
    entryPrice,
    stopPrice: intent.stopPrice,
    leverage: risk.leverage,
    takerRate: costs.takerRate,
  });
  for (const control of SIZED_PART_CONTROLS) {
    const error = control({ context, sized, entryPrice, equity });
    if (error !== null) return { ok: false, error };
  }
  return { ok: true, sized, entryPrice };
}

/** Controls over a stop entry that the desk holds, at the moment its trigger is reached. */
export const TRIGGER_CONTROLS: readonly Control[] = [
  denyBlocked,
  denyTradingState,
  denyNotRunning,
  denyDrift,
  denyUnknownOutcome,
  denyStaleReference,
  denyQuoteCollar,
  denyPassedStop,
  denyUnknownEquity,
  denyDailyLoss,
  denyDrawdown,
  denyBreaker,
];

/** Runs the controls over an entry that is about to go out at the market because its trigger was reached; null lets it pass. */
export function checkTrigger(given: ControlContext): Refusal | null {
  const context = completed(given);
  for (const control of TRIGGER_CONTROLS) {
    const error = control(context);
    if (error !== null) return error;
  }
  return null;
}

/** All orders of one decision together stay within its size. */
function denyExcess(
  { quantity, sent, intended }: PartOfIntent,
): Refusal | null {
  const total = sent.plus(quantity);
  return total.lte(intended) ? null : deny(
    "PARENT_EXCEEDED",
    `${toDecimalText(total)} would be sent for a decision of ${
      toDecimalText(intended)
    }`,
  );
}
