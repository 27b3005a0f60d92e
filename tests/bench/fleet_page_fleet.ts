/** A fleet of 500 stored agents that are stopped, each with a position and open orders, and updates as a fleet commits them. */
import { systemClock } from "../../actors/mod.ts";
import type { AccountView, EquityPoint } from "../../lib/contracts/account.ts";
import { agentConfigSchema } from "../../lib/contracts/agent_config.ts";
import type { AgentRecord, AgentView } from "../../lib/contracts/agent.ts";
import { SYSTEM_ACTOR } from "../../lib/contracts/audit.ts";
import { createIdFactory } from "../../lib/core/ids.ts";
import { SPARKLINE_POINTS } from "../../lib/fleet/limits.ts";
import { neverStarted } from "../../lib/fleet/registry.ts";
import { openStore } from "../../lib/store/open_store.ts";
import type { Store } from "../../lib/store/port.ts";
import { agentConfig } from "../support/config.ts";

/** Agents, and open orders of each: with its position 21 things that are open, 10,500 in all. */
export const AGENTS = 500;
export const ORDERS_PER_AGENT = 20;

const COMMAND_ID = "cmd_bench";
const SYMBOLS = ["BTC/USDT", "ETH/USDT", "SOL/USDT", "XRP/USDT"];

/** A view as the fleet would publish it. `at` is told by the equity; see {@link equityOf}. */
export function viewOf(
  record: AgentRecord,
  index: number,
  at: number,
): AgentView {
  const { config } = record;
  return {
    id: record.id,
    owner: { id: record.ownerId, email: null },
    name: config.name,
    type: config.type,
    symbol: config.symbol,
    timeframe: config.timeframe,
    mode: config.mode,
    simulated: true,
    livePrices: false,
    feed: config.feed,
    feedProblem: null,
    venueProblem: null,
    templateName: null,
    desired: "stopped",
    observed: "stopped",
    observedSince: record.createdAt,
    epoch: 1,
    restarts: index % 7 === 0 ? 1 : 0,
    restartBudget: 5,
    retryAt: null,
    lastError: null,
    configVersion: 1,
    createdAt: record.createdAt,
    account: accountOf(index, at),
    winRatePct: index % 100,
    progress: { seq: at, startSeq: 0, totalCandles: null, ended: false },
    vitals: {
      heartbeatAt: at,
      heapMiB: 20 + index % 9,
      mailboxDepth: at % 5,
      candleMsP50: 0.4,
      candleMsP99: 1 + at % 7 / 10,
      messagesPerSecond: 2,
    },
    lastDecision: "hold: no order block in reach",
    lastPattern: "order block",
    equity: curveOf(index, at),
    updatedAt: at,
  };
}

/** The wall clock in an amount: milliseconds within ten thousand seconds, as hundredths. */
export function equityOf(at: number): string {
  return (at % 10_000_000 / 100).toFixed(2);
}

function accountOf(index: number, at: number): AccountView {
  return {
    tradingState: "active",
    tradingStateReason: null,
    initialCapital: "10000",
    cash: "8000",
    equity: equityOf(at),
    realizedPnl: "120.5",
    unrealizedPnl: "3.25",
    dayPnl: ((at + index) % 400 / 10 - 20).toFixed(2),
    feesPaid: "1.5",
    drawdownPct: (at + index) % 90 / 10,
    maxDrawdownPct: 9,
    trades: index,
    wins: index,
    losses: 0,
    tradesHash: "0".repeat(64),
    position: {
      direction: "long",
      quantity: "0.1",
      entryPrice: "60000",
      entryAt: at,
      markPrice: "60100",
      unrealizedPnl: "10",
      stopPrice: "59000",
      targetPrice: "62000",
      strategy: "order_block",
    },
    openOrders: Array.from({ length: ORDERS_PER_AGENT }, (_, order) => ({
      orderId: `ord_${index}_${order}`,
      intentId: `int_${index}_${order}`,
      role: "entry" as const,
      side: "buy" as const,
      type: "limit" as const,
      price: String(59_000 - order),
      quantity: "0.01",
      reduceOnly: false,
      placedSeq: 10,
      expireAfterSeq: null,
    })),
    seq: at,
    marketAt: at,
  };
}

function curveOf(index: number, at: number): EquityPoint[] {
  return Array.from({ length: SPARKLINE_POINTS }, (_, point) => ({
    seq: point,
    at: at - (SPARKLINE_POINTS - point) * 60_000,
    equity: (10_000 + (index * 7 + point * 13) % 211).toFixed(2),
  }));
}

/** Stores the fleet; a server that starts afterwards has it. */
export async function storeFleet(
  path: string,
): Promise<readonly AgentRecord[]> {
  const ids = createIdFactory({
    nowMs: () => systemClock.nowMs(),
    random: Math.random,
  });
  const store = await openStore({ path, time: systemClock });
  const records = Array.from(
    { length: AGENTS },
    (_, index) => recordOf(ids("agt"), index),
  );
  for (let from = 0; from < AGENTS; from += 5) {
    const part = records.slice(from, from + 5);
    // deno-lint-ignore no-await-in-loop -- one commit after the other
    await storePart(store, part, from);
  }
  await store.close();
  return records;
}

async function storePart(
  store: Store,
  records: readonly AgentRecord[],
  from: number,
): Promise<void> {
  await store.agents.saveAll(
    records.map((record) => ({ record, expected: null })),
    {
      audit: {
        at: Date.now(),
        actor: SYSTEM_ACTOR,
        via: "system",
        action: "agents.spawn",
        target: records[0]!.id,
        outcome: "ok",
        reason: "",
        detail: {},
      },
    },
  );
  await store.events.append({
    projections: records.flatMap((record, index) => {
      const view = viewOf(record, from + index, record.createdAt);
      const observed = {
        ...neverStarted(record.id, record.createdAt),
        settledFor: COMMAND_ID,
      };
      return [
        { kind: "observed", value: observed },
        { kind: "view", value: view },
        { kind: "equity", agentId: record.id, value: view.equity },
      ] as const;
    }),
  });
}

function recordOf(id: string, index: number): AgentRecord {
  const createdAt = Date.now();
  const config = agentConfigSchema.parse(agentConfig({
    name: `agent ${String(index).padStart(3, "0")}`,
    symbol: SYMBOLS[index % SYMBOLS.length]!,
  }));
  return {
    id,
    ownerId: "usr_bench",
    config,
    configVersion: 1,
    desired: "stopped",
    desiredReason: "",
    stopPositions: "keep",
    createdAt,
    updatedAt: createdAt,
    commandId: COMMAND_ID,
    startSeq: 0,
    tradeFromSeq: 0,
    streamId: `sim:${config.symbol}`,
    templateName: null,
  };
}
