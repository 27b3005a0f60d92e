import type { AccountView } from "./account.ts";
import type { CostsConfig } from "./costs.ts";
import type { Latch } from "./emergency.ts";
import type { EmergencyQuery, MeasureQuery } from "./emergency_desk.ts";
import type { DeskLatencyQuery, LatencyQuery } from "./latency.ts";
import type { RiskConfig, SafetyConfig } from "./agent_config.ts";
import type { GuardAtDesk } from "./guard.ts";
import type { StoredExchangeKey } from "./exchange_key.ts";
import type { VenueId, VenueOrder } from "./venue.ts";

/**
 * How the desk keeps pace with an agent. `lockstep`: a candle is processed only
 * after the agent decided on the one before (replay, backtest, simulated
 * market). `realtime`: the market does not wait; after
 * `decisionDeadlineMs` the desk goes on and a late decision is denied.
 */
export type Pacing = "lockstep" | "realtime";

/**
 * How the orders of an account reach a market. `candles`: matched against closed
 * candles, deterministic (replay, backtest, simulated market). `quotes`: a paper
 * venue over the live quotes of an exchange. `venue`: the exchange itself.
 */
export type Execution =
  | { kind: "candles" }
  | ({ kind: "quotes" } & ClientIdParts & VenueId)
  | (
    & { kind: "venue"; credentialId: string }
    & ClientIdParts
    & VenueId
  );

/** What client order ids begin with, so that nobody else's order is taken for ours. */
export interface ClientIdParts {
  /** Three letters or digits of this installation. */
  namespace: string;
  /** Five letters or digits of the agent, unique within the installation. */
  agentKey: string;
}

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
  /** Costs of the paper market; the presets where it is left out, as in accounts of older builds. */
  costs?: CostsConfig;
  /** Length of a candle, for the latency; without it there is none. */
  candleMs?: number;
  /** Left out for `candles`, as in accounts of older builds. */
  execution?: Execution;
  /** False while the agent is paused: the desk denies entries. */
  entriesAllowed: boolean;
}

/** An account to open, with how much of its record the owner has. */
export interface DeskAccountOpening {
  account: DeskAccountConfig;
  /**
   * Trades that the owner has in its store. The journal is the truth: what it
   * holds beyond them is reported again, whatever was acknowledged before, so
   * that a store restored from an older backup catches up.
   */
  storedTrades: number;
  /** Owner of the agent, for an emergency stop by user; left out, every such stop counts for it. */
  ownerId?: string;
  /** Key to trade with, sealed; for a live account only. */
  key?: StoredExchangeKey;
}

/** What a desk of a venue needs besides its accounts. */
export interface VenueDeskConfig extends VenueId {
  /** Address in the exchange's place, on this machine, for tests; null for the exchange. */
  endpoint: string | null;
  /** Memory of a `SharedSilence`: until when the exchange wants to hear nothing. */
  silence: SharedArrayBuffer;
  /** `TRADING_MODE=live`: without it nothing new is begun with money; what is open is looked after. */
  isLiveArmed: boolean;
  /** File of the installation's key, for opening exchange keys, where the environment has none. */
  keySecretPath: string;
}

/** Start configuration of a desk worker. */
export interface DeskConfig {
  /** Folder of the desk's own journal files, one per account. */
  journalDir: string;
  /** Folder of latches and of answers to emergency stops, of this desk alone; left out, they are in memory only. */
  emergencyDir?: string;
  /** Folder of requests for an emergency stop, of all desks; left out, it is `emergencyDir`. */
  emergencyInboxDir?: string;
  /** Stops in force that the file may not hold. */
  latches?: readonly Latch[];
  accounts: readonly DeskAccountOpening[];
  /** Risk managers and the accounts that they guard here. */
  guards?: readonly GuardAtDesk[];
  /** Where this desk trades; null or left out for one that matches candles only. */
  venue?: VenueDeskConfig | null;
  /** Why no new risk may be taken on any account, or null; see the query `hold`. */
  heldReason: string | null;
}

/** Questions and orders from the owner, answered by ask. */
export type DeskQuery =
  | EmergencyQuery
  | MeasureQuery
  | LatencyQuery
  | DeskLatencyQuery
  /** Opens the account, or recovers it from its journal. */
  | ({ type: "openAccount" } & DeskAccountOpening)
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
  /** Sets a latched trading state back to active. The same command again, also after a crash, changes nothing. */
  | { type: "rearm"; agentId: string; commandId: string; reason: string }
  /**
   * A person says that an order without an answer is not at the venue; refused
   * with ORDER_STATE_CONFLICT unless the venue has said so for a while, too.
   */
  | { type: "settleOrder"; agentId: string; orderId: string; detail: string }
  /**
   * No new risk on any account while `reason` is not null: markets in lockstep
   * stand still, in real time entries are denied. Withdrawing and closing go on.
   */
  | { type: "hold"; reason: string | null }
  /** Which risk managers guard which accounts from now on; the others are let go but for what is latched. Answers null. */
  | { type: "setGuards"; guards: readonly GuardAtDesk[] }
  /** A person releases what a risk manager has latched on any account. Answers null. */
  | { type: "releaseGuard"; guardId: string }
  /** Reports up to this number are stored and need not be sent again. */
  | { type: "acknowledge"; agentId: string; sequence: number }
  /** The agent has a stored snapshot after this candle: earlier steps need not be told again. */
  | { type: "releaseSteps"; agentId: string; seq: number }
  /** Asks the exchange what a key may do; answers with a `ProbedKey`. */
  | { type: "probeKey"; key: StoredExchangeKey }
  /** A key has changed. Where it is not allowed for live trading, its accounts enter nothing from now on, and entries that rest are withdrawn. Answers null. */
  | { type: "learnKey"; key: StoredExchangeKey }
  /** A key was revoked, which no account uses; nothing of it stays in memory. Answers null. */
  | { type: "forgetKey"; keyId: string }
  /**
   * The secrets of a key are about to be replaced: lets go of the accounts that
   * trade with it and forgets it, so that they open anew with what comes then;
   * their journals stay as they are. Answers with a `KeyRelease`.
   */
  | { type: "releaseKey"; keyId: string }
  /** Forgets the account; its journal file is kept as `.closed`. */
  | { type: "closeAccount"; agentId: string };

/** Answer to `releaseKey`. */
export interface KeyRelease {
  /** Agents whose account at the venue is not flat, or not known to be: then nothing was let go of. */
  busy: readonly string[];
}

/**
 * Answer to every {@link DeskQuery} but `emergency`, `latency`, `latencies`,
 * `probeKey` and `releaseKey`, which have their own, and `acknowledge`, `closeAccount`, `forgetKey`, `hold`, `learnKey`,
 * `releaseGuard`, `releaseSteps` and `setGuards`, which answer null.
 */
export interface DeskAnswer {
  account: AccountView;
  /**
   * Newest incarnation of the agent that the desk knows; 0 for none. The next
   * one must be above it: the owner's store may have missed some.
   */
  newestEpoch: number;
  /** False while the disk refuses the journal: what was done is in memory only. */
  isOnDisk: boolean;
  /**
   * False while a quiesced account has an order at its venue that it must not
   * have, or a position that was to be closed: it has not stopped yet.
   */
  isQuiesced: boolean;
  /** At a venue: why it is asked nothing for now, a sentence without its end mark; null while nothing stands in the way. */
  holdUp?: string | null;
  /** At a venue: orders of others in the same market as of the last look, at most a hundred, and how many there are. They are never touched. */
  foreignOrders?: { orders: readonly VenueOrder[]; count: number };
}
