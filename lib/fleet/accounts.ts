import { TIMEFRAME_MS } from "../contracts/candle.ts";
import type {
  DeskAccountConfig,
  DeskAccountOpening,
  Execution,
} from "../contracts/desk.ts";
import { assert } from "../core/assert.ts";
import type { FleetContext } from "./context.ts";
import { type DeskId, deskIdOf, venueOf } from "./desk_ids.ts";
import type { AgentEntry } from "./registry.ts";

/** Letters of an agent's id that its orders carry. */
const AGENT_KEY_LENGTH = 5;

/** The desk's view of an agent. */
export function accountConfig(
  context: Pick<FleetContext, "orderNamespace">,
  entry: Pick<AgentEntry, "record">,
): DeskAccountConfig {
  const { record } = entry;
  const { config } = record;
  const execution = executionOf(context, entry);
  return {
    agentId: record.id,
    symbol: config.symbol,
    startSeq: record.startSeq,
    // Simulated and replayed markets wait for the agent, so that the same
    // candles give the same trades whatever the load of the machine.
    pacing: execution.kind === "candles" ? "lockstep" : "realtime",
    risk: config.risk,
    safety: config.safety,
    seed: config.seed,
    costs: config.costs,
    candleMs: TIMEFRAME_MS[config.timeframe],
    entriesAllowed: record.desired === "running",
    ...(execution.kind === "candles" ? {} : { execution }),
  };
}

/** The account to open, with how much of its record is stored. */
export function accountOpening(
  context: Pick<FleetContext, "orderNamespace" | "findExchangeKey">,
  entry: AgentEntry,
): DeskAccountOpening {
  const { exchangeKeyId } = entry.record.config;
  const key = exchangeKeyId === undefined
    ? null
    : context.findExchangeKey(exchangeKeyId);
  return {
    account: accountConfig(context, entry),
    storedTrades: entry.tradesStored,
    ownerId: entry.record.ownerId,
    ...(key === null ? {} : { key }),
  };
}

/** Agents whose account a desk that starts again has to open. */
export function openAgentsOf(
  context: Pick<FleetContext, "agents">,
  deskId: DeskId,
): AgentEntry[] {
  return context.agents.all().filter(({ isOpen, record }) =>
    isOpen && deskIdOf(record.config) === deskId
  );
}

function executionOf(
  { orderNamespace }: Pick<FleetContext, "orderNamespace">,
  { record: { id, config } }: Pick<AgentEntry, "record">,
): Execution {
  const venue = venueOf(config);
  if (venue === null) return { kind: "candles" };
  const parts = {
    ...venue,
    namespace: orderNamespace,
    // The last letters of an id are by chance.
    agentKey: id.slice(-AGENT_KEY_LENGTH).toLowerCase(),
  };
  if (config.mode === "paper") return { kind: "quotes", ...parts };
  assert(
    config.exchangeKeyId !== undefined,
    `Live agent ${id} has no exchange key`,
  );
  return { kind: "venue", credentialId: config.exchangeKeyId, ...parts };
}
