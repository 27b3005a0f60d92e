/**
 * Limits that hold after every candle, and the trading state that follows from
 * them. Each cause stands for itself, so that clearing one never clears another.
 *
 * @module
 */
import type {
  RiskConfig,
  SafetyConfig,
} from "../../lib/contracts/agent_config.ts";
import type { TradingState } from "../../lib/contracts/lifecycle.ts";
import type { DenialCode } from "../../lib/contracts/order.ts";
import {
  type Decimal,
  decimal,
  divide,
  estimateOf,
  roundTo,
  ZERO,
} from "../../lib/core/decimal.ts";
import {
  gravestDemand,
  type GuardHolds,
  releaseGuards,
  withGuards,
} from "./guard_holds.ts";
import { money } from "./refusal.ts";

/**
 * Why trading is not active; null where the cause does not hold. `dailyLoss` ends
 * with its UTC day, `equityUnknown` when the equity is known again; `drawdown`
 * and `breaker` are latched until a person re-arms.
 */
export interface TradingCauses {
  drawdown: { reason: string } | null;
  dailyLoss: { reason: string; day: number } | null;
  equityUnknown: { reason: string } | null;
  breaker: { reason: string } | null;
  /** Books and venue disagree; ends when a reconciliation finds agreement. Left out in causes of older builds. */
  drift?: {
    reason: string;
    /** The account found it by itself; it ends when nothing is held and no order works. */
    untilFlat?: true;
  } | null;
  /** What risk managers want of the account, by their ids. Left out where none ever did. */
  guards?: GuardHolds;
}

/** No cause at all: trading is active. */
export const NO_CAUSES: TradingCauses = {
  drawdown: null,
  dailyLoss: null,
  equityUnknown: null,
  breaker: null,
};

/** What the limits are checked against. Amounts in quote currency. */
export interface LimitInput {
  causes: TradingCauses;
  /** UTC day of market time; null before the first candle. */
  day: number | null;
  equity: Decimal | null;
  dayStart: Decimal;
  peakEquity: Decimal;
  /** Losing trades in a row. */
  lossStreak: number;
  risk: RiskConfig;
  safety: SafetyConfig;
}

/** The trading state with the gravest cause. */
export interface TradingStanding {
  state: TradingState;
  code: DenialCode | null;
  reason: string | null;
}

type EquityInput = Pick<LimitInput, "dayStart" | "peakEquity" | "risk"> & {
  equity: Decimal;
};

/** Below this part of a limit floating point is certain that it is not reached. */
const CLEARLY_LESS = 0.99;

/** Daily loss = equity at 00:00 UTC − equity now, unrealised result and fees included (docs/trading-model.md). */
export function isDailyLossReached(
  { equity, dayStart, risk }: Omit<EquityInput, "peakEquity">,
): boolean {
  const loss = estimateOf(dayStart) - estimateOf(equity);
  // The difference of two large amounts is less exact than either.
  const isFar = loss < Number(risk.dailyLossLimit) * CLEARLY_LESS;
  return !isFar && dayStart.minus(equity).gte(decimal(risk.dailyLossLimit));
}

/** Drawdown = 1 − equity / peak, the starting equity in the peak (docs/trading-model.md). Compared without a division. */
export function isDrawdownReached(
  { equity, peakEquity, risk }: Omit<EquityInput, "dayStart">,
): boolean {
  const peak = estimateOf(peakEquity);
  const loss = peak - estimateOf(equity);
  const isFar = peak > 0 &&
    loss * 100 < peak * risk.maxDrawdownPct * CLEARLY_LESS;
  return !isFar && peakEquity.minus(equity).times(100)
    .gte(peakEquity.times(decimal(risk.maxDrawdownPct)));
}

/** The drawdown in percent, exact to six places; 0 without a loss. */
export function drawdownPct(equity: Decimal, peakEquity: Decimal): number {
  if (peakEquity.lte(ZERO) || equity.gte(peakEquity)) return 0;
  return Number(
    roundTo(divide(peakEquity.minus(equity).times(100), peakEquity), 6),
  );
}

/** One sentence with the figures of a drawdown. */
export function drawdownSentence(
  { equity, peakEquity, risk }: Omit<EquityInput, "dayStart">,
): string {
  return `The equity ${money(equity)} is ${
    drawdownPct(equity, peakEquity)
  } % below its highest value ${
    money(peakEquity)
  }, the limit is ${risk.maxDrawdownPct} %`;
}

/** The causes that hold after a candle. Returns `causes` itself where nothing changed. */
export function evaluateLimits(input: LimitInput): TradingCauses {
  const { causes } = input;
  const next: TradingCauses = {
    drawdown: causes.drawdown ?? drawdownCause(input),
    dailyLoss: dailyLossCause(input),
    equityUnknown: input.equity === null
      ? causes.equityUnknown ??
        { reason: "The equity is unknown: the last candle had no valid price" }
      : null,
    breaker: causes.breaker ?? breakerCause(input),
    ...(causes.drift === undefined ? {} : { drift: causes.drift }),
    ...(causes.guards === undefined ? {} : { guards: causes.guards }),
  };
  const isSame = next.drawdown === causes.drawdown &&
    next.dailyLoss === causes.dailyLoss &&
    next.equityUnknown === causes.equityUnknown &&
    next.breaker === causes.breaker;
  return isSame ? causes : next;
}

/** The causes after a reconciliation: a sentence about what disagrees, or null for agreement. Returns `causes` itself where nothing changed. */
export function withDrift(
  causes: TradingCauses,
  detail: string | null,
): TradingCauses {
  const isSame = (causes.drift?.reason ?? null) === detail;
  return isSame
    ? causes
    : { ...causes, drift: detail === null ? null : { reason: detail } };
}

/** Clears what is latched, also by risk managers; a daily loss keeps its day, unknown equity and a drift stay. */
export function rearmCauses(causes: TradingCauses): TradingCauses {
  const guards = releaseGuards(causes.guards);
  if (causes.drawdown !== null || causes.breaker !== null) {
    return { ...withGuards(causes, guards), drawdown: null, breaker: null };
  }
  return guards === causes.guards ? causes : withGuards(causes, guards);
}

/** The trading state that the causes add up to: halted before reducing before active, its own causes before those of others. */
export function tradingStanding(causes: TradingCauses): TradingStanding {
  const own = ownStanding(causes);
  const demanded = gravestDemand(causes.guards);
  if (demanded === null || own.state === "halted") return own;
  const { state, reason } = demanded;
  if (own.state === state) return own;
  const code = state === "halted" ? "TRADING_HALTED" : "TRADING_REDUCING";
  return { state, code, reason };
}

function ownStanding(causes: TradingCauses): TradingStanding {
  const { drawdown, dailyLoss, equityUnknown, breaker, drift } = causes;
  if (drawdown !== null) {
    return { state: "halted", code: "DRAWDOWN_LIMIT", reason: drawdown.reason };
  }
  if (dailyLoss !== null) {
    return {
      state: "halted",
      code: "DAILY_LOSS_LIMIT",
      reason: dailyLoss.reason,
    };
  }
  if (equityUnknown !== null) {
    return {
      state: "halted",
      code: "EQUITY_UNKNOWN",
      reason: equityUnknown.reason,
    };
  }
  if (breaker !== null) {
    return { state: "reducing", code: "BREAKER_OPEN", reason: breaker.reason };
  }
  if (drift) return { state: "reducing", code: "DRIFT", reason: drift.reason };
  return { state: "active", code: null, reason: null };
}

/**
 * Whether the position must be closed: a money limit is reached. Unknown equity
 * halts entries but leaves the position to its stop, because a market order
 * without a price is the greater danger.
 */
export function mustFlatten(causes: TradingCauses): boolean {
  return causes.drawdown !== null || causes.dailyLoss !== null;
}

function drawdownCause(input: LimitInput): TradingCauses["drawdown"] {
  const { equity, peakEquity, risk } = input;
  if (equity === null || !isDrawdownReached({ equity, peakEquity, risk })) {
    return null;
  }
  return { reason: drawdownSentence({ equity, peakEquity, risk }) };
}

function dailyLossCause(input: LimitInput): TradingCauses["dailyLoss"] {
  const { causes, day, equity, dayStart, risk } = input;
  if (causes.dailyLoss !== null && causes.dailyLoss.day === day) {
    return causes.dailyLoss;
  }
  if (day === null || equity === null) return null;
  if (!isDailyLossReached({ equity, dayStart, risk })) return null;
  return {
    day,
    reason: `The loss of the day is ${
      money(dayStart.minus(equity))
    }, the limit is ${risk.dailyLossLimit}; trading goes on at 00:00 UTC`,
  };
}

function breakerCause({ lossStreak, safety }: LimitInput) {
  const limit = safety.breakerConsecutiveLosses;
  if (limit === 0 || lossStreak < limit) return null;
  return {
    reason: `${lossStreak} trades in a row were lost, the limit is ${limit}`,
  };
}
