import type {
  AgentDetail,
  ValidationResponse,
} from "../../../lib/contracts/agent.ts";
import type { HostView } from "../../../lib/contracts/host.ts";
import { PRODUCT_VERSION } from "../../../lib/core/version.ts";
import type { FleetRisk } from "../../../lib/contracts/fleet_risk.ts";
import { assembleRisk } from "../../../lib/fleet/risk/assemble.ts";
import type { SystemView } from "../../../lib/contracts/system.ts";
import type { AgentTemplate } from "../../../lib/contracts/template.ts";
import {
  type AgentConfig,
  agentConfigSchema,
} from "../../../lib/contracts/agent_config.ts";
import { LOG_SEVERITY, type LogEntry } from "../../../lib/contracts/log.ts";

/** A configuration that the schema accepts. */
export function sampleConfig(
  changes: Record<string, unknown> = {},
): AgentConfig {
  return agentConfigSchema.parse({
    name: "btc-ob",
    type: "pattern_detector",
    symbol: "BTC/USDT",
    timeframe: "15m",
    risk: {
      initialCapital: "1000",
      leverage: 1,
      riskLevel: "moderate",
      maxDrawdownPct: 10,
      dailyLossLimit: "50",
      riskPerTradePct: 1,
    },
    ...changes,
  });
}

/** An agent that runs with this configuration. */
export function viewOf(
  id: string,
  config: AgentConfig,
  clock: { now: number },
): AgentDetail {
  return {
    id,
    name: config.name,
    type: config.type,
    symbol: config.symbol,
    timeframe: config.timeframe,
    mode: config.mode,
    simulated: true,
    livePrices: false,
    feedProblem: null,
    venueProblem: null,
    feed: config.feed,
    templateName: null,
    desired: "running",
    observed: "running",
    observedSince: clock.now,
    epoch: 1,
    restarts: 0,
    restartBudget: 5,
    retryAt: null,
    lastError: null,
    configVersion: 1,
    createdAt: clock.now,
    account: null,
    winRatePct: null,
    progress: { seq: -1, startSeq: 0, totalCandles: null, ended: false },
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
    updatedAt: clock.now,
    config,
    history: [],
    listensTo: [],
    latency: {},
    supervision: { restartWindowMs: 60_000, mailboxMax: 1_024 },
  };
}

/** Resources of any agent here. */
export const ESTIMATE = {
  cores: 0.1,
  memoryMiB: 15,
  messagesPerMinute: 4,
  apiCallsPerMinute: 0,
  agentsUsed: 1,
  agentsAllowed: 10,
};

/** What is said of a leverage above 20. */
export const LEVERAGE_WARNING = {
  pointer: "/risk/leverage",
  code: "LIQUIDATION_BEFORE_DRAWDOWN",
  detail: "At this leverage a small move liquidates; use less",
};

const { name: _name, ...TEMPLATE_CONFIG } = sampleConfig();
/** The one template. */
export const TEMPLATE: AgentTemplate = {
  name: "smc-order-block",
  title: "Order blocks",
  version: 1,
  origin: "built_in",
  type: "pattern_detector",
  purpose: "Trades retests of order blocks",
  whenItWorks: "In trends",
  risk: "Loses in ranges",
  patterns: ["OB"],
  riskLevel: "moderate",
  typicalLatency: "0.1 ms",
  config: TEMPLATE_CONFIG,
  results: [],
};

/** The check of a configuration, without a world around it. */
export function validate(input: unknown): ValidationResponse {
  const parsed = agentConfigSchema.safeParse(input);
  if (!parsed.success) {
    return {
      valid: false,
      errors: parsed.error.issues.map((issue) => ({
        pointer: `/${issue.path.join("/")}`,
        code: "FIELD_INVALID",
        detail: issue.message,
      })),
      warnings: [],
      estimate: null,
      worstDayLoss: null,
      worstTotalLoss: null,
      liquidationDistancePct: null,
      config: null,
    };
  }
  return {
    valid: true,
    errors: [],
    warnings: parsed.data.risk.leverage > 20 ? [LEVERAGE_WARNING] : [],
    estimate: ESTIMATE,
    worstDayLoss: "50",
    worstTotalLoss: "100",
    liquidationDistancePct: 49.75,
    config: parsed.data,
  };
}

/** A process that runs. */
export const SYSTEM: SystemView = {
  version: "0.0.0",
  formats: { api: "1", store: 3, workers: 2 },
  runtime: { deno: "2.9.6", v8: "14", system: "linux x86_64", processors: 2 },
  startedAt: "2026-09-01T00:00:00.000Z",
  uptimeMs: 60_000,
  tradingMode: "paper",
  memory: { residentMiB: 120, heapUsedMiB: 60 },
  storage: {
    kind: "folder",
    path: "./data",
    bytes: 1_000_000,
    freeBytes: null,
    ok: true,
    detail: "answers",
  },
  agents: { running: 1, all: 2 },
  settings: [{ name: "PORT", isSet: true }],
};

/** A log line for tests. */
export function logEntry(
  seq: number,
  changes: Partial<LogEntry> = {},
): LogEntry {
  const level = Object.keys(LOG_SEVERITY)[seq % 5] as LogEntry["level"];
  return {
    seq,
    level,
    category: "system",
    agentId: null,
    agentName: null,
    message: `line ${seq}`,
    at: Date.UTC(2026, 8, 1) + seq,
    marketAt: null,
    ...changes,
  };
}

/** A host that is up. */
export const HOST: HostView = {
  id: "host-1",
  state: "alive",
  role: "host",
  version: PRODUCT_VERSION,
  startedAt: "2026-01-01T00:00:00.000Z",
  lastSeenAt: "2026-01-01T00:01:00.000Z",
  agents: 3,
  capacity: 50,
  exchanges: ["binance"],
  isLiveArmed: false,
  isSelf: false,
};

/** The risk of a fleet without agents. */
export function emptyRisk(at: number): FleetRisk {
  return assembleRisk({
    at,
    facts: [],
    emergency: { latches: [], isDeskUp: true },
    hosts: [],
    rates: [],
    breakers: { measures: [], silences: [] },
    denials: null,
    problems: [],
  });
}
