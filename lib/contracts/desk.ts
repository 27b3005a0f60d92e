import type { AccountView } from "./account.ts";
import type { RiskConfig, SafetyConfig } from "./agent_config.ts";

/**
 * How the desk keeps pace with an agent. `lockstep`: a candle is processed only
 * after the agent decided on the one before (replay, backtest, simulated
 * market). `realtime`: the market does not wait; after
 * `decisionDeadlineMs` the desk goes on and a late decision is denied.
 */
export type Pacing = "lockstep" | "realtime";

/** One agent's account at a desk. */
export interface DeskAccountConfig {
  agentId: string;
  symbol: string;
  /** First candle of the account. */
  startSeq: number;
  pacing: Pacing;
  risk: RiskConfig;
  safety: SafetyConfig;
  seed: number;
  /** False while the agent is paused: the desk denies entries. */
  entriesAllowed: boolean;
}

/** Start configuration of a desk worker. */
export interface DeskConfig {
  /** Folder of the desk's own journal files, one per account. */
  journalDir: string;
  accounts: readonly DeskAccountConfig[];
}

/** Questions and orders from the owner, answered by ask. */
export type DeskQuery =
  /** Opens the account, or recovers it from its journal. */
  | { type: "openAccount"; account: DeskAccountConfig }
  /** New limits; hold from now on. */
  | { type: "updateAccount"; account: DeskAccountConfig }
  | { type: "account"; agentId: string }
  | { type: "setEntries"; agentId: string; allowed: boolean; reason: string }
  /** Withdraws all orders; `close` also closes the position at the last price, `keep` leaves it with its protection. */
  | {
    type: "quiesce";
    agentId: string;
    positions: "close" | "keep";
    reason: string;
  }
  /** Sets a latched trading state back to active. */
  | { type: "rearm"; agentId: string; reason: string }
  /** Reports up to this number are stored and need not be sent again. */
  | { type: "acknowledge"; agentId: string; sequence: number }
  /** Forgets the account; its journal file is kept as `.closed`. */
  | { type: "closeAccount"; agentId: string };

/** Answer to every {@link DeskQuery} but `acknowledge` and `closeAccount`, which answer null. */
export interface DeskAnswer {
  account: AccountView;
}
