/**
 * What the fleet knows of each agent in memory: the stored wish, the observed
 * state and the newest figures. Rebuilt from the store on every start.
 *
 * @module
 */
import type { EntryBreakerView } from "../contracts/execution_config.ts";
import type { AgentConfig } from "../contracts/agent_config.ts";
import { type Decimal, decimal, ZERO } from "../core/decimal.ts";
import { AppError } from "../core/errors.ts";
import type {
  AccountView,
  EquityPoint,
  VenueAlertCode,
} from "../contracts/account.ts";
import type {
  AgentObserved,
  AgentProgress,
  AgentRecord,
  AgentView,
} from "../contracts/agent.ts";
import type { AgentVitals } from "../contracts/vitals.ts";
import type { StoredRisk } from "../contracts/guard.ts";
import type { SignalLatencies } from "../contracts/latency.ts";
import type { Trade } from "../contracts/order.ts";
import type { UnstoredChange } from "./commands/kept.ts";
import { MAX_EQUITY_POINTS } from "./limits.ts";
import { UsageMeter } from "./usage/usage_meter.ts";

/** Whether what an agent's worker told last is stored, or it is being asked for more. */
export type SnapshotStatus = "unstored" | "asked" | "stored";

/** One agent in memory. Mutable; only the fleet's own modules touch it. */
export interface AgentEntry {
  record: AgentRecord;
  /** It runs, or would run, in this process. Of others only what the store tells is known. */
  isOwn: boolean;
  /** The host that has it where there are several; null for none, and where there is only this process. */
  hostId: string | null;
  /** Why no host has it; null where one has it or is about to take it, and where there is only this process. */
  hostProblem: string | null;
  /** What another process told of it last; null for an own agent. */
  toldView: AgentView | null;
  observed: AgentObserved;
  /** Null until its desk has answered once. */
  account: AccountView | null;
  equity: EquityPoint[];
  /** Number of trades that were reported; they are stored or queued to be. */
  tradesSeen: number;
  /** Number of trades that the store has: what a desk that starts need not repeat. */
  tradesStored: number;
  grossProfit: Decimal;
  grossLoss: Decimal;
  /** Newest outbox number of the desk that was handled. */
  deskSequence: number;
  /** What a risk manager told last; null for other types and before the first time. */
  risk: StoredRisk | null;
  /** When that was stored last. */
  riskStoredAt: number;
  vitals: AgentVitals;
  progress: AgentProgress;
  lastDecision: string | null;
  lastPattern: string | null;
  /** Messages its worker had processed at the last heartbeat. */
  processed: number;
  /** Requests to its venue since its desk opened the account; null where there is no venue. */
  requests: number | null;
  /** What its workers used in the last hour. */
  readonly usage: UsageMeter;
  /** The versions of the configuration that the desk and the worker were given last; null before the first. */
  heldConfig: { desk: number | null; worker: number | null };
  /** The configuration that its worker goes by, which is older while a change waits for a restart; null before the first start. */
  workerConfig: AgentConfig | null;
  /** Its prices are those of an exchange's real market. */
  livePrices: boolean;
  /** Why nothing comes from its market; null while it comes. */
  feedProblem: string | null;
  /** What the desk says of its venue and what lasts, by code. */
  venueProblems: Map<VenueAlertCode, string>;
  /** For which sources it stands still, in one sentence; null where it does not. */
  waitsFor: string | null;
  /** How long signals take on their way to it, as its worker tells. */
  latency: SignalLatencies;
  /** The agents whose links of signals were wished for. */
  connectedSources: ReadonlySet<string>;
  /** What keeps its models from voting; null for nothing. */
  modelProblem: string | null;
  /** How the breaker of its own entries stands, as its worker told last; null where it has none or told nothing yet. */
  entryBreaker: EntryBreakerView | null;
  /** Its stream and account are to be open: a feed or desk that starts again opens them. */
  isOpen: boolean;
  /** Nothing runs, and its books are not known to be settled; see settling.ts. */
  needsSettling: boolean;
  /** Changes of the record that were carried out and wait for the store, oldest first. */
  unstored: UnstoredChange[];
  /** Something changed since the last `agent.updated`. */
  isDirty: boolean;
  publishedAt: number;
  /** When its last snapshot was asked for, by the monotonic clock. */
  snapshotAtMs: number;
  /** `stored` holds until something comes to the agent. */
  snapshotStatus: SnapshotStatus;
  updatedAt: number;
  /** Settles when every report of the desk so far was handled: whether all of them are stored. Never rejects. */
  reportsStored: Promise<boolean>;
  /** Resolves when every snapshot handed over so far is stored; never rejects. */
  snapshotSaved: Promise<void>;
  /** The stored snapshot with which a worker has just ended, so that the next one need not wait for its reading; else null. */
  lastSnapshot: unknown;
}

/** The figures of an agent that has shown no sign of life yet. */
export const UNKNOWN_VITALS: AgentVitals = {
  heartbeatAt: null,
  heapMiB: null,
  liveHeapMiB: null,
  mailboxDepth: null,
  candleMsP50: null,
  candleMsP99: null,
  messagesPerSecond: null,
};

/** The observed state of an agent that was never started. */
export function neverStarted(id: string, at: number): AgentObserved {
  return {
    id,
    state: "stopped",
    epoch: 0,
    restarts: 0,
    restartBudget: 0,
    retryAt: null,
    since: at,
    lastError: null,
    history: [],
  };
}

/** Makes the entry of a stored or new agent. */
export function createEntry(
  record: AgentRecord,
  known: {
    observed: AgentObserved;
    equity: readonly EquityPoint[];
    account: AccountView | null;
    livePrices: boolean;
  },
): AgentEntry {
  return {
    record,
    isOwn: true,
    hostId: null,
    hostProblem: null,
    toldView: null,
    observed: known.observed,
    account: known.account,
    equity: [...known.equity],
    tradesSeen: 0,
    tradesStored: 0,
    grossProfit: ZERO,
    grossLoss: ZERO,
    deskSequence: 0,
    risk: null,
    riskStoredAt: 0,
    vitals: UNKNOWN_VITALS,
    progress: {
      seq: known.account?.seq ?? -1,
      startSeq: record.startSeq,
      totalCandles: null,
      ended: false,
    },
    lastDecision: null,
    lastPattern: null,
    processed: 0,
    requests: null,
    usage: new UsageMeter(),
    heldConfig: { desk: null, worker: null },
    workerConfig: null,
    livePrices: known.livePrices,
    feedProblem: null,
    venueProblems: new Map(),
    waitsFor: null,
    latency: {},
    connectedSources: new Set(),
    modelProblem: null,
    entryBreaker: null,
    isOpen: false,
    needsSettling: false,
    unstored: [],
    isDirty: true,
    publishedAt: 0,
    snapshotAtMs: 0,
    snapshotStatus: "unstored",
    updatedAt: record.updatedAt,
    reportsStored: Promise.resolve(true),
    snapshotSaved: Promise.resolve(),
    lastSnapshot: null,
  };
}

/** Counts trades into the entry's totals, in order. */
export function countTrades(entry: AgentEntry, trades: readonly Trade[]): void {
  for (const trade of trades) {
    const net = decimal(trade.netPnl);
    if (net.gt(0)) entry.grossProfit = entry.grossProfit.plus(net);
    else entry.grossLoss = entry.grossLoss.minus(net);
  }
  entry.tradesSeen += trades.length;
}

/**
 * Adds points to an equity curve of bounded length. When it is full every
 * second point of the older half goes, so that the whole life stays visible.
 */
export function addEquity(
  entry: AgentEntry,
  points: readonly EquityPoint[],
): void {
  for (const point of points) {
    const last = entry.equity.at(-1);
    if (last !== undefined && point.seq <= last.seq) continue;
    entry.equity.push(point);
    if (entry.equity.length <= MAX_EQUITY_POINTS) continue;
    const half = Math.floor(entry.equity.length / 2);
    entry.equity = entry.equity.filter((_, index) =>
      index >= half || index % 2 === 0
    );
  }
}

/** All agents of this process by id. */
export class AgentRegistry {
  readonly #entries = new Map<string, AgentEntry>();

  /** Adds or replaces an agent. */
  add(entry: AgentEntry): void {
    this.#entries.set(entry.record.id, entry);
  }

  /** The agent, or undefined. */
  find(id: string): AgentEntry | undefined {
    return this.#entries.get(id);
  }

  /**
   * The agent.
   *
   * @throws {AppError} AGENT_NOT_FOUND
   */
  require(id: string): AgentEntry {
    const entry = this.#entries.get(id);
    if (entry === undefined) {
      throw new AppError(
        "AGENT_NOT_FOUND",
        `There is no agent "${id}"; list the agents to see the ids that exist`,
        { status: 404 },
      );
    }
    return entry;
  }

  /** Forgets an agent. */
  remove(id: string): void {
    this.#entries.delete(id);
  }

  /** All agents, oldest first. */
  all(): AgentEntry[] {
    return [...this.#entries.values()];
  }

  /** Agents of this process, oldest first. */
  own(): AgentEntry[] {
    return this.all().filter(({ isOwn }) => isOwn);
  }

  /** Agents that count against a user's quota. */
  ownedBy(ownerId: string): AgentEntry[] {
    return this.all().filter((entry) =>
      entry.record.ownerId === ownerId && entry.record.desired !== "retired"
    );
  }
}
