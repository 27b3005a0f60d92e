/** Views for tests of the panel. */
import type { AccountView } from "../../../lib/contracts/account.ts";
import type { AgentView } from "../../../lib/contracts/agent.ts";
import type { LogEntry } from "../../../lib/contracts/log.ts";

/** An account without trades. */
export function account(change: Partial<AccountView> = {}): AccountView {
  return {
    tradingState: "active",
    tradingStateReason: null,
    initialCapital: "10000",
    cash: "10000",
    equity: "10000",
    realizedPnl: "0",
    unrealizedPnl: "0",
    dayPnl: "0",
    feesPaid: "0",
    drawdownPct: 0,
    maxDrawdownPct: 0,
    trades: 0,
    wins: 0,
    losses: 0,
    tradesHash: "",
    position: null,
    openOrders: [],
    seq: 0,
    marketAt: null,
    ...change,
  };
}

/** A running paper agent. */
export function agent(change: Partial<AgentView> = {}): AgentView {
  return {
    id: "a",
    name: "agent",
    type: "pattern_detector",
    symbol: "BTC/USDT",
    timeframe: "15m",
    mode: "paper",
    simulated: true,
    livePrices: false,
    feedProblem: null,
    venueProblem: null,
    feed: { kind: "simulated" },
    templateName: null,
    desired: "running",
    observed: "running",
    observedSince: 0,
    epoch: 1,
    restarts: 0,
    restartBudget: 5,
    retryAt: null,
    lastError: null,
    configVersion: 1,
    createdAt: 0,
    account: account(),
    winRatePct: null,
    progress: { seq: 0, startSeq: 0, totalCandles: null, ended: false },
    vitals: {
      heartbeatAt: null,
      heapMiB: null,
      mailboxDepth: null,
      candleMsP50: null,
      candleMsP99: null,
      messagesPerSecond: null,
    },
    lastDecision: null,
    lastPattern: null,
    equity: [],
    updatedAt: 0,
    ...change,
  };
}

/** A log line. */
export function logLine(seq: number): LogEntry {
  return {
    seq,
    level: "info",
    category: "system",
    agentId: null,
    agentName: null,
    message: `line ${seq}`,
    at: seq,
    marketAt: null,
  };
}
