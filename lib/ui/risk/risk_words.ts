import type {
  FleetTradingState,
  LimitSource,
  RiskBreaker,
  RiskLimit,
} from "../../contracts/fleet_risk.ts";
import type { LossMethod } from "../../contracts/risk.ts";
import { formatDecimal, formatPercent, UNKNOWN } from "../format.ts";
import type { StateWord } from "../words.ts";

/** Whether trading goes on, for all agents together. */
export const FLEET_TRADING_WORDS: Readonly<
  Record<FleetTradingState, StateWord>
> = {
  active: {
    glyph: "dot",
    word: "Active",
    tone: "ok",
    meaning: "Every desk accepts entries within the limits",
  },
  reducing: {
    glyph: "warn",
    word: "Reducing",
    tone: "warn",
    meaning:
      "A part of the fleet may only reduce what it holds, or is halted; the rest trades on",
  },
  stopped: {
    glyph: "stop",
    word: "Stopped",
    tone: "danger",
    meaning: "No agent takes new risk; exits always pass",
  },
};

/** How full a limit is. */
export const LIMIT_WORDS: Readonly<
  Record<RiskLimit["level"], Pick<StateWord, "glyph" | "word" | "tone">>
> = {
  ok: { glyph: "check", word: "Kept", tone: "ok" },
  near: { glyph: "warn", word: "Near", tone: "warn" },
  reached: { glyph: "cross", word: "Reached", tone: "danger" },
  unknown: { glyph: "ring", word: "Unknown", tone: "muted" },
};

/** Who sets a limit. */
export const SOURCE_WORDS: Readonly<Record<LimitSource, string>> = {
  agent: "Agent",
  risk_manager: "Risk manager",
  server: "Server",
};

/** How a breaker stands. */
export const BREAKER_WORDS: Readonly<
  Record<RiskBreaker["state"], Pick<StateWord, "glyph" | "word" | "tone">>
> = {
  closed: { glyph: "check", word: "Closed", tone: "ok" },
  half_open: { glyph: "half", word: "Half open", tone: "warn" },
  open: { glyph: "cross", word: "Open", tone: "danger" },
};

/** How a loss is estimated. */
export const METHOD_WORDS: Readonly<Record<LossMethod, string>> = {
  historical: "Historical",
  historical_order: "Historical, order statistic",
  normal: "Normal",
  cornish_fisher: "Cornish-Fisher",
  ewma: "EWMA (RiskMetrics)",
};

/** An amount of a limit with its unit; `%` and `×` stand close to it. */
export function limitAmount(value: string | null, unit: string): string {
  if (value === null) return UNKNOWN;
  if (unit === "%") {
    return formatPercent(Number(value), { digits: 0, maxDigits: 2 });
  }
  const text = formatDecimal(value, {
    digits: unit === "" || unit === "×" ? 0 : 2,
    maxDigits: 2,
  });
  return unit === "×" ? `${text}×` : unit === "" ? text : `${text} ${unit}`;
}

/** Ids of things on the page, for links of an agent. */
export function configLink(agentId: string): string {
  return `/agents/${agentId}?tab=config`;
}
