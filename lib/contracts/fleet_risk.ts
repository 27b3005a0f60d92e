/**
 * The risk of the whole fleet in one answer. Simulated and real money are never
 * in one figure, and neither are two currencies; unknown is null, with why.
 *
 * @module
 */
import type { DecimalText } from "../core/decimal.ts";
import type { DenialCode, RefusalCause } from "./denials.ts";
import type { Lever, StopScope } from "./emergency.ts";
import type { GuardLossView } from "./guard.ts";
import type { TradingState } from "./lifecycle.ts";
import type { EpochMs } from "./primitives.ts";
import type { LossMethod } from "./risk.ts";

/**
 * Whether trading goes on: `stopped` while an emergency stop holds everything,
 * `reducing` while some account may only reduce or is halted; null where no
 * account is known.
 */
export type FleetTradingState = "active" | "reducing" | "stopped";

/** An emergency stop in force. */
export interface RiskStop {
  id: string;
  scope: StopScope;
  lever: Lever;
  reason: string;
  /** Who pulled the lever. */
  by: string;
  at: EpochMs;
  isWorking: boolean;
  /** Accounts that it holds, those of them that are done, and those the deadline has left over. */
  accounts: number;
  done: number;
  residue: number;
}

/** An account that may not trade freely. */
export interface HeldAccount {
  agentId: string;
  name: string;
  mode: "paper" | "live";
  state: Exclude<TradingState, "active">;
  /** Why, in one sentence; null where the desk does not say. */
  reason: string | null;
}

/** Whether trading goes on, and what holds it back. */
export interface RiskTrading {
  state: FleetTradingState | null;
  accounts: Readonly<Record<TradingState | "unknown", number>>;
  stops: readonly RiskStop[];
  /** Halted ones first; those beyond the limit are counted. */
  held: readonly HeldAccount[];
  heldLeftOut: number;
  /** False while a desk does not answer: what is shown is what was heard last. */
  isDeskUp: boolean;
}

/** Money of one currency and mode over the accounts that are known. */
export interface RiskMoney {
  mode: "paper" | "live";
  currency: string;
  agents: number;
  /** How many of them are counted in. */
  known: number;
  equity: DecimalText | null;
  dayPnl: DecimalText | null;
  /** How far the accounts together are below the sum of their own highest values, in percent: no less than the drawdown of their sum. */
  drawdownPct: number | null;
}

/** Where a limit comes from. */
export type LimitSource = "agent" | "risk_manager" | "server";

/** Names of the limits; those of risk managers have a label of their own. */
export const FLEET_LIMITS = {
  drawdown: "Drawdown",
  daily_loss: "Loss of the day",
  leverage: "Exposure to equity",
  position: "Value of the position",
  open_orders: "Open orders",
  order_rate: "Orders within a minute",
  key_exposure: "Exposure of the exchange key",
  key_order_rate: "Orders of the exchange key within a minute",
  key_request_rate: "Requests of the exchange key within a minute",
  breaker: "Losing trades in a row",
  rule: "Rule of a risk manager",
  agents: "Agents of this server",
} as const;
export type FleetLimitName = keyof typeof FLEET_LIMITS;

/** How much of a limit is used. */
export interface RiskLimit {
  limit: FleetLimitName;
  label: string;
  source: LimitSource;
  /** The agent whose configuration sets it; null for one of the server. */
  agentId: string | null;
  /** Of whom it is: an agent, an exchange key, a risk manager, the server. */
  scope: string;
  /** Null for what is no money of anybody. */
  mode: "paper" | "live" | null;
  /** Currency, `%`, `×`, or empty for a count. */
  unit: string;
  used: DecimalText | null;
  cap: DecimalText;
  /** What is left, 0 beyond the limit. */
  headroom: DecimalText | null;
  /** Part of the limit that is used, 1 at the limit. */
  share: number | null;
  level: "ok" | "near" | "reached" | "unknown";
  /** Why it is unknown, or what a rule says. */
  note: string | null;
}

/**
 * The loss estimates of one risk manager. One that guards live and paper
 * accounts at once has none: they would be one figure of both.
 */
export interface RiskLosses {
  agentId: string;
  name: string;
  state: TradingState;
  /** Modes of the agents that it guards. */
  modes: readonly ("paper" | "live")[];
  guarded: readonly string[];
  /** Null where the agents have several. */
  currency: string | null;
  /** Length of one period, for instance `15m`. */
  timeframe: string;
  /** The method that its rules go by. */
  method: LossMethod;
  /** Returns that are known, and how many are asked for. */
  observations: number;
  window: number;
  /** When it was told; null for never. */
  toldAt: EpochMs | null;
  /** Whether it is up: what is shown otherwise is what it knew last. */
  isUp: boolean;
  losses: readonly GuardLossView[];
  /** Why nothing is known; null where something is. */
  reason: string | null;
}

/** How the equity of an agent stood below its highest so far. */
export interface RiskDrawdown {
  agentId: string;
  name: string;
  mode: "paper" | "live";
  drawdownPct: number;
  limitPct: number;
  /** By market time, oldest first; 0 or a positive percentage. */
  points: readonly { at: EpochMs; drawdownPct: number }[];
}

/** What is held of one market. */
export interface RiskExposure {
  mode: "paper" | "live";
  currency: string;
  symbol: string;
  /** At the last price; null where that of a position is unknown. */
  long: DecimalText | null;
  short: DecimalText | null;
  net: DecimalText | null;
  /** Value of the entries that work; null where the price of one is unknown. */
  working: DecimalText | null;
  positions: number;
}

/** What an order must keep to by the rules of one market of an exchange; null where it names none. */
export interface RiskMarketRules {
  /** For instance `binance swap`. */
  venue: string;
  symbol: string;
  /** Agents that trade there. */
  agents: number;
  priceStep: DecimalText;
  quantityStep: DecimalText;
  /** In base currency. */
  minQuantity: DecimalText | null;
  maxQuantity: DecimalText | null;
  /** In quote currency. */
  minNotional: DecimalText | null;
  maxNotional: DecimalText | null;
}

/** A breaker: of an agent's losing trades, of an executor's own entries, or of the way to an exchange. */
export interface RiskBreaker {
  kind: "losses" | "entries" | "venue" | "silence";
  /** The agent; null for the exchange as a whole. */
  agentId: string | null;
  name: string;
  /** Null for what is no money of anybody. */
  mode: "paper" | "live" | null;
  /** What it holds back. */
  what: string;
  state: "closed" | "half_open" | "open";
  cause: string | null;
  /** What counts towards the next trip, and how much trips it; null where there is no such count. */
  count: number | null;
  limit: number | null;
  /** Trips within the window of the denied orders, as far as the log goes back; null where they are not counted. */
  trips: number | null;
  /** When it closes by itself; null where a person closes it, or where it is closed. */
  resetAt: EpochMs | null;
  /** How it closes. */
  reset: string;
}

/** Denied orders of one code. */
export interface DeniedGroup {
  code: DenialCode;
  explanation: string;
  cause: RefusalCause;
  causeText: string;
  count: number;
  /** Of agents that trade with money, on paper, and of those that are gone. */
  live: number;
  paper: number;
  gone: number;
  agents: number;
  lastAt: EpochMs;
  lastAgent: string | null;
  /** The newest one, with its figures. */
  lastDetail: string;
}

/** Denied orders by code, most first. */
export interface RiskDenials {
  /** Since when all are counted. */
  since: EpochMs;
  /** False where the log was read no further back than `since`. */
  isWhole: boolean;
  groups: readonly DeniedGroup[];
}

/** A part of the answer that could not be found out. */
export interface RiskProblem {
  part: "denials" | "breakers";
  detail: string;
}

/** `GET /api/risk`. */
export interface FleetRisk {
  at: EpochMs;
  agents: number;
  trading: RiskTrading;
  money: readonly RiskMoney[];
  /** The fullest first; those beyond what is shown are counted. */
  limits: readonly RiskLimit[];
  limitsLeftOut: number;
  /** Of the markets that were opened; those beyond what is shown are counted. */
  marketRules: readonly RiskMarketRules[];
  marketRulesLeftOut: number;
  losses: readonly RiskLosses[];
  /** Of the agents that are nearest to their limit. */
  drawdowns: readonly RiskDrawdown[];
  exposure: readonly RiskExposure[];
  /** Open ones first; those beyond what is shown are counted. */
  breakers: readonly RiskBreaker[];
  breakersLeftOut: number;
  /** Null where the log cannot be read. */
  denials: RiskDenials | null;
  problems: readonly RiskProblem[];
}
