/**
 * The words of the panel for the names of the contracts. Written as complete
 * records, so that a new name in a contract does not compile without its word.
 *
 * @module
 */
import type { RiskLevel } from "../contracts/agent_config.ts";
import type { Role } from "../contracts/policy.ts";
import type { Timeframe } from "../contracts/candle.ts";
import type {
  DesiredState,
  ObservedState,
  TradingState,
} from "../contracts/lifecycle.ts";
import type { LogCategory, LogLevel } from "../contracts/log.ts";
import type { VenueOrderPhase } from "../contracts/order.ts";

/** Colours by meaning; each one always comes with a glyph and a word. */
export type Tone = "ok" | "warn" | "danger" | "info" | "muted";

/** Shapes of the small status glyphs. */
export type GlyphName =
  | "dot"
  | "pause"
  | "stop"
  | "half"
  | "restart"
  | "warn"
  | "cross"
  | "play"
  | "check"
  | "ring";

/** How a state looks and reads. */
export interface StateWord {
  glyph: GlyphName;
  word: string;
  tone: Tone;
  meaning: string;
}

/** Every observed state of an agent. */
export const STATE_WORDS: Readonly<Record<ObservedState, StateWord>> = {
  starting: {
    glyph: "half",
    word: "Starting",
    tone: "info",
    meaning: "The agent's worker is being started",
  },
  reconciling: {
    glyph: "half",
    word: "Reconciling",
    tone: "info",
    meaning:
      "The agent waits for its market or the desk, or catches up with them, before it trades",
  },
  running: {
    glyph: "dot",
    word: "Running",
    tone: "ok",
    meaning: "Decides on every candle",
  },
  paused: {
    glyph: "pause",
    word: "Paused",
    tone: "warn",
    meaning: "Manages open positions, opens none",
  },
  degraded: {
    glyph: "warn",
    word: "Degraded",
    tone: "warn",
    meaning: "Works, but slower or with less than it needs",
  },
  stopping: {
    glyph: "half",
    word: "Stopping",
    tone: "info",
    meaning: "Orders are being withdrawn before the agent stops",
  },
  stopped: {
    glyph: "stop",
    word: "Stopped",
    tone: "muted",
    meaning: "Not running; it has no open order",
  },
  backing_off: {
    glyph: "restart",
    word: "Restarting",
    tone: "info",
    meaning: "Failed and waits for its next start",
  },
  quarantined: {
    glyph: "cross",
    word: "Faulted",
    tone: "danger",
    meaning: "Failed too often; it stays down until somebody starts it",
  },
  killed: {
    glyph: "cross",
    word: "Killed",
    tone: "danger",
    meaning: "Ended at once by a person",
  },
};

/** The word for a wish that has not come true yet. */
export const INTENT_WORDS: Readonly<Record<DesiredState, string>> = {
  running: "Starting…",
  paused: "Pausing…",
  stopped: "Stopping…",
  retired: "Removing…",
};

/** The desk's switch. */
export const TRADING_WORDS: Readonly<Record<TradingState, StateWord>> = {
  active: {
    glyph: "dot",
    word: "Active",
    tone: "ok",
    meaning: "The desk accepts entries within the limits",
  },
  reducing: {
    glyph: "warn",
    word: "Reducing",
    tone: "warn",
    meaning: "The desk accepts only orders that reduce the position",
  },
  halted: {
    glyph: "cross",
    word: "Halted",
    tone: "danger",
    meaning: "The desk takes no new risk on this account",
  },
};

/** Where an order at an exchange stands. */
export const PHASE_WORDS: Readonly<Record<VenueOrderPhase, StateWord>> = {
  queued: {
    glyph: "ring",
    word: "Queued",
    tone: "muted",
    meaning: "Written down; nothing of it has left yet",
  },
  sending: {
    glyph: "half",
    word: "Sending",
    tone: "info",
    meaning: "On its way; the exchange may have it already",
  },
  unknown: {
    glyph: "warn",
    word: "Unknown",
    tone: "warn",
    meaning:
      "The exchange did not say what became of it: it counts as exposure, is never sent again, and is looked for until it is found, proven or called absent",
  },
  open: {
    glyph: "dot",
    word: "Open",
    tone: "ok",
    meaning: "The exchange has it",
  },
  settling: {
    glyph: "half",
    word: "Settling",
    tone: "info",
    meaning: "Over at the exchange; some of its fills are not here yet",
  },
};

/** Whether a stop rests at the exchange for the whole position. */
export const PROTECTION_WORDS: Readonly<
  Record<"protected" | "unprotected", StateWord>
> = {
  protected: {
    glyph: "check",
    word: "Protected",
    tone: "ok",
    meaning: "A stop rests at the exchange for all of it",
  },
  unprotected: {
    glyph: "warn",
    word: "No stop at the exchange",
    tone: "danger",
    meaning:
      "No stop rests at the exchange for all of it now; the desk puts one there or closes the position",
  },
};

/** Timeframes, shortest first. */
export const TIMEFRAME_WORDS: Readonly<Record<Timeframe, string>> = {
  "1m": "1 minute",
  "5m": "5 minutes",
  "15m": "15 minutes",
  "30m": "30 minutes",
  "1h": "1 hour",
  "4h": "4 hours",
  "1d": "1 day",
};

/** Risk levels. */
export const RISK_WORDS: Readonly<Record<RiskLevel, string>> = {
  conservative: "Conservative",
  moderate: "Moderate",
  aggressive: "Aggressive",
};

/** Log levels with glyph and tone. */
export const LEVEL_WORDS: Readonly<
  Record<LogLevel, { word: string; glyph: GlyphName; tone: Tone }>
> = {
  debug: { word: "Debug", glyph: "ring", tone: "muted" },
  info: { word: "Info", glyph: "dot", tone: "info" },
  trade: { word: "Trade", glyph: "check", tone: "ok" },
  warning: { word: "Warning", glyph: "warn", tone: "warn" },
  error: { word: "Error", glyph: "cross", tone: "danger" },
};

/** Log categories. */
export const CATEGORY_WORDS: Readonly<Record<LogCategory, string>> = {
  trade: "Trade",
  decision: "Decision",
  risk: "Risk",
  lifecycle: "Lifecycle",
  market: "Market",
  system: "System",
};

/** Roles. */
export const ROLE_WORDS: Readonly<Record<Role, string>> = {
  viewer: "Viewer",
  operator: "Operator",
  trader: "Trader",
  risk: "Risk officer",
  admin: "Administrator",
};

/** The keys of a record with their exact type. */
export function keysOf<K extends string>(
  record: Readonly<Record<K, unknown>>,
): K[] {
  return Object.keys(record) as K[];
}
