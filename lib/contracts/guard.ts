/**
 * What a risk manager and the desks say to each other, and what it tells its
 * owner. A desk sends facts of the accounts it guards; it answers with what it
 * wants of them, and the desk applies the stricter of all.
 *
 * @module
 */
import type { DecimalText } from "../core/decimal.ts";
import type { TradingState } from "./lifecycle.ts";
import type { Direction, EpochMs } from "./primitives.ts";
import type {
  LossMethod,
  RiskMeasure,
  RiskMeasureName,
  RiskRuleCode,
} from "./risk.ts";

/** What a guard wants of an account. */
export interface GuardDemand {
  state: Exclude<TradingState, "active">;
  code: RiskRuleCode;
  /** One sentence with the guard's name, for whoever is denied an entry. */
  reason: string;
  /** The rule that it comes from; `data` where something is unknown. */
  ruleId: string;
  /** Open positions are closed once when it begins. */
  flattens: boolean;
}

/** A demand that only a person ends. */
export interface GuardLatch extends GuardDemand {
  /** When it was latched, by a desk's clock; higher than that of every earlier one of the guard. */
  id: EpochMs;
}

/** What one guard wants of one account, as its desk keeps it. */
export interface GuardHold {
  /** Ends when the guard says so; null for nothing. */
  current: GuardDemand | null;
  /** Ends when a person releases it. */
  latched: GuardLatch | null;
  /** Latches up to this one were released by a person; 0 for none. */
  releasedId: EpochMs;
}

/** One guard at one desk: the accounts there that it guards. */
export interface GuardAtDesk {
  guardId: string;
  accounts: readonly {
    agentId: string;
    /** What its market is called beside others: the same symbol elsewhere is another market. */
    market: string;
    /** That of a second leg; null without one. */
    hedgeMarket: string | null;
    /** Whose time its candles go by: markets with another one run at another speed. */
    clock: string;
  }[];
}

/** Names of the links between a guard and the desks. */
export const GUARD_LINKS = {
  /** On the guard, one for each desk. */
  deskOf: (deskId: string) => `desk:${deskId}`,
  /** On the desk, one for each guard. */
  guardOf: (guardId: string) => `guarded:${guardId}`,
} as const;

/** An open position of an account. Amounts in quote currency. */
export interface GuardedPosition {
  market: string;
  direction: Direction;
  quantity: DecimalText;
  entryPrice: DecimalText;
  /** Null where no price is known, or the last one is too old. */
  markPrice: DecimalText | null;
}

/** Closes of a market that were not told before: open time and close of each candle by turns, oldest first. */
export interface GuardedCloses {
  market: string;
  closes: Float64Array;
}

/** One account as its desk sees it. */
export interface GuardedAccount {
  agentId: string;
  /** Prices come as they are in the market, whether anybody decides or not. */
  isRealtime: boolean;
  candleMs: number;
  /** All markets that it trades, held or not. */
  markets: readonly string[];
  /** Whose time their candles go by. */
  clock: string;
  /** Open time of the last candle; null before the first. */
  marketAt: EpochMs | null;
  /** When the desk heard the last price, in real time alone. */
  markAt: EpochMs | null;
  equity: DecimalText | null;
  /** At 00:00 UTC. */
  dayStart: DecimalText;
  leverage: number;
  positions: readonly GuardedPosition[];
  /** Notional of the entries that work; null where unknown. */
  working: DecimalText | null;
  tradingState: TradingState;
  hold: GuardHold;
  closes: readonly GuardedCloses[];
}

/** Desk → guard: what has changed; everything after the opening of the link. */
export interface GuardedFacts {
  type: "guarded";
  /** The desk's clock. */
  now: EpochMs;
  /** All accounts that this desk should have for the guard, changed or not. */
  agentIds: readonly string[];
  /** Those of them that are not open. */
  closed: readonly string[];
  accounts: readonly GuardedAccount[];
}

/** Guard → desk: what it wants of the accounts that it guards there. */
export interface GuardState {
  type: "guardState";
  current: GuardDemand | null;
  /** The newest and strictest of its latches. */
  latched: GuardLatch | null;
}

/** A rule as a person sees it. */
export interface GuardRuleView {
  ruleId: string;
  measure: RiskMeasureName;
  label: RiskMeasure["label"];
  unit: RiskMeasure["unit"];
  /** Null where unknown or not yet known. */
  value: number | null;
  warning: number;
  limit: number;
  release: number;
  action: "alert" | "reducing" | "halted";
  level: "quiet" | "warming_up" | "warning" | "acting";
  isLatched: boolean;
  since: EpochMs | null;
  reason: string | null;
}

/** A loss estimate with the verdict on it. */
export interface GuardLossView {
  method: LossMethod;
  usedMethod: LossMethod;
  levelPct: number;
  valueAtRiskPct: number | null;
  valueAtRisk: DecimalText | null;
  expectedShortfallPct: number | null;
  expectedShortfall: DecimalText | null;
  observations: number;
  /** Why something is unknown or of another method. */
  reason: string | null;
  /** How the method would have done on the returns so far; null with too few. */
  backtest: {
    periods: number;
    exceeded: number;
    expected: number;
    likelihoodRatio: number;
    /** Kupiec's test at 95 %. */
    isRejected: boolean;
    zone: "green" | "yellow" | "red";
  } | null;
}

/** What a risk manager knows. Unknown is null. */
export interface RiskView {
  /** By the clock of a desk; null before anything was heard. */
  at: EpochMs | null;
  state: TradingState;
  code: RiskRuleCode | null;
  reason: string | null;
  latched: readonly string[];
  accounts: readonly {
    agentId: string;
    equity: DecimalText | null;
    marketAt: EpochMs | null;
    tradingState: TradingState;
    /** Why its figures are unknown. */
    problem: string | null;
  }[];
  accountsLeftOut: number;
  equity: DecimalText | null;
  peak: DecimalText | null;
  drawdownPct: number | null;
  maxDrawdownPct: number | null;
  dailyLoss: DecimalText | null;
  dailyLossPct: number | null;
  exposure: {
    markets: readonly {
      symbol: string;
      long: DecimalText | null;
      short: DecimalText | null;
      net: DecimalText | null;
    }[];
    marketsLeftOut: number;
    gross: DecimalText | null;
    net: DecimalText | null;
    working: DecimalText | null;
    grossPct: number | null;
    netPct: number | null;
    committedPct: number | null;
  } | null;
  concentration: {
    largest: string | null;
    largestSharePct: number | null;
    herfindahl: number | null;
  } | null;
  correlation: {
    average: number | null;
    weightedAverage: number | null;
    highest: readonly { first: string; second: string; correlation: number }[];
  } | null;
  losses: readonly GuardLossView[];
  ladder: {
    rows: readonly {
      id: string;
      symbol: string;
      direction: Direction;
      markPrice: DecimalText;
      liquidationPrice: DecimalText | null;
      distancePct: number | null;
    }[];
    rowsLeftOut: number;
    steps: readonly {
      movePct: number;
      notional: DecimalText | null;
      positions: number | null;
    }[];
    unknown: readonly string[];
  } | null;
  stress: readonly {
    name: string;
    pnl: DecimalText | null;
    pnlPct: number | null;
    liquidated: number | null;
    reason: string | null;
  }[];
  rules: readonly GuardRuleView[];
  /** What is unknown, one sentence each. */
  unknown: readonly string[];
  /** Returns of the portfolio that are known, and how many are asked for. */
  observations: number;
  window: number;
}

/** Something that a person should hear of at once. */
export interface RiskAlert {
  severity: "info" | "warning" | "error";
  message: string;
  code: RiskRuleCode | null;
}

/** Guard → owner. */
export interface RiskReport {
  kind: "risk";
  view: RiskView;
  alerts: readonly RiskAlert[];
}

/** What is stored of a risk manager. */
export interface StoredRisk {
  toldAt: EpochMs;
  view: RiskView;
}

/** Money and simulated money have no common figure. */
export const MIXED_LOSSES =
  "It guards live and paper accounts at once, and their losses have no common figure; give each kind a risk manager of its own";

/** Whether some of these trade with money and others without. */
export function isMixed(
  agents: readonly { mode: "paper" | "live" }[],
): boolean {
  return new Set(agents.map(({ mode }) => mode)).size > 1;
}

/** `GET /api/agents/{id}/risk`: null before the first assessment. */
export interface RiskResponse {
  agentId: string;
  /** When it was told; null for never. */
  toldAt: EpochMs | null;
  /** Agents that are guarded now. */
  guarded: readonly { agentId: string; name: string; mode: "paper" | "live" }[];
  risk: RiskView | null;
}
