import type { ExecutionConfig } from "../../lib/contracts/execution_config.ts";
import type { EntryOrder, OrderIntent } from "../../lib/contracts/order.ts";
import type { EnterSignal } from "../../lib/contracts/signal.ts";
import { entryOrderOf, whyNotEnter } from "./entry_order.ts";
import {
  attemptId,
  type EntryPlan,
  markSent,
  unsentPart,
} from "./entry_plan.ts";

/** What an entry is decided on. */
export interface EntryMoment {
  config: ExecutionConfig;
  /** Candle of the decision. */
  seq: number;
  /** Its close. */
  close: number;
  /** Part of equity that the trade may lose, in percent. */
  riskPct: number;
}

/** Why an entry is not made. */
export interface Unmade {
  reason: string;
  isSlippage: boolean;
}

/**
 * The next attempt to enter a plan's signal, as an intent; the plan notes it.
 * The same plan on the same candle gives the same intent.
 */
export function submitPlan(
  plan: EntryPlan,
  { config, seq, close, riskPct }: EntryMoment,
): OrderIntent | Unmade {
  const { signal } = plan;
  const entry = entryOrderOf(signal, config);
  const unmade = whyNotEnter(signal, {
    entry,
    close,
    maxSlippagePct: config.maxSlippagePct,
  });
  if (unmade !== null) return unmade;
  const intentId = attemptId(plan);
  if (intentId === null) {
    return {
      reason: `The signal has the id "${signal.signalId}", which is none`,
      isSlippage: false,
    };
  }
  const count = config.slicing === "none" ? 1 : config.parts;
  const expireAfterSeq = expiryOf(signal, { entry, seq, config });
  Object.assign(plan, {
    intentId,
    attempts: plan.attempts + 1,
    retrySeq: null,
    submittedSeq: seq,
    entry,
    expireAfterSeq,
    isAtLastPrice: false,
    parts: Array.from({ length: count }, unsentPart),
  });
  markSent(plan.parts[0]!, seq);
  return {
    intentId,
    seq,
    side: signal.side,
    entry,
    ...(count === 1 ? {} : { parts: count }),
    decisionPrice: signal.price,
    stopPrice: signal.stopPrice,
    targetPrice: signal.targetPrice,
    riskPct,
    expireAfterSeq,
    strategy: signal.strategy,
    reasons: signal.reasons,
  };
}

/** The last candle of an entry; null for one at the market, which fills as soon as it can. */
function expiryOf(
  signal: EnterSignal,
  { entry, seq, config }: {
    entry: EntryOrder;
    seq: number;
    config: ExecutionConfig;
  },
): number | null {
  if (entry.type === "market") return null;
  if (signal.entry.type === "market") return seq + config.waitCandles;
  return signal.expireAfterSeq;
}
