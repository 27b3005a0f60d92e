/** Agents as the figures of the fleet's risk are made from them. */
import type { AccountView } from "../../../../lib/contracts/account.ts";
import {
  type AgentConfig,
  agentConfigSchema,
} from "../../../../lib/contracts/agent_config.ts";
import type { EntryBreakerView } from "../../../../lib/contracts/execution_config.ts";
import type { LogEntry } from "../../../../lib/contracts/log.ts";
import type { StopMeasures } from "../../../../lib/contracts/emergency_desk.ts";
import type { FleetRiskInput } from "../../../../lib/fleet/risk/assemble.ts";
import type { RiskFact } from "../../../../lib/fleet/risk/facts.ts";
import { agentConfig } from "../../../support/config.ts";
import { account } from "../../ui/fixtures.ts";

export { account };

/** What an agent of a test is. */
export interface FactChange {
  config?: Record<string, unknown>;
  account?: Partial<AccountView> | null;
  desired?: string;
  entryBreaker?: EntryBreakerView;
}

/** A running agent that holds nothing. */
export function fact(id: string, change: FactChange = {}): RiskFact {
  const config: AgentConfig = agentConfigSchema.parse({
    ...agentConfig({ name: id }),
    ...change.config,
  });
  return {
    record: {
      id,
      ownerId: "usr_1",
      config,
      desired: change.desired ?? "running",
    },
    observed: { state: "running" },
    account: change.account === null ? null : account(change.account),
    equity: [],
    risk: null,
    entryBreaker: change.entryBreaker ?? null,
  } as unknown as RiskFact;
}

/** An open position at a mark price. */
export function position(
  direction: "long" | "short",
  quantity: string,
  markPrice: string | null,
): AccountView["position"] {
  return {
    direction,
    quantity,
    entryPrice: "1",
    entryAt: 0,
    markPrice,
    unrealizedPnl: null,
    stopPrice: null,
    targetPrice: null,
    strategy: "",
  };
}

/** What the desk of a venue says of an agent. */
export function measure(
  agentId: string,
  change: Partial<StopMeasures["accounts"][number]> = {},
): StopMeasures["accounts"][number] {
  return {
    agentId,
    halfSpreadBp: null,
    roundTripMs: null,
    breakers: [],
    rateBudget: { freeShare: 1, silentUntilMs: null },
    sent: { orders: 0, requests: 0 },
    rules: null,
    ...change,
  };
}

/** Everything else that an answer is made from. */
export function input(facts: readonly RiskFact[]): FleetRiskInput {
  return {
    at: 1_000,
    facts,
    emergency: { latches: [], isDeskUp: true },
    hosts: [],
    rates: [],
    breakers: { measures: [], silences: [] },
    denials: null,
    problems: [],
  };
}

/** A line of an agent that tells of a denial. */
export function denialLine(
  seq: number,
  change: Partial<LogEntry> & { code?: string } = {},
): LogEntry {
  const { code = "ORDER_RATE_LIMIT", ...rest } = change;
  return {
    seq,
    level: "warning",
    category: "risk",
    agentId: "agt_1",
    agentName: "one",
    message: "Order denied: too many",
    at: seq,
    marketAt: null,
    data: { intentId: "1.0", code },
    ...rest,
  };
}
