import { EVENTS_LANE_MAX, RESTART_BUDGET } from "../../actors/mod.ts";
import { toDecimalText } from "../core/decimal.ts";
import type { AccountView } from "../contracts/account.ts";
import type {
  AgentDetail,
  AgentRecord,
  AgentView,
} from "../contracts/agent.ts";
import { hasAccount } from "../contracts/agent_types.ts";
import type { Owner } from "../contracts/owner.ts";
import { SPARKLINE_POINTS } from "./limits.ts";
import { venueProblemOf } from "./venue_problem.ts";
import type { AgentEntry, AgentRegistry } from "./registry.ts";
import { sourcesOf } from "./sources/checks.ts";

/**
 * Percentage of won trades. Null before the first trade, and while the desk has
 * not handed over all that its figures are made of, as after it changed hosts.
 */
export function winRatePct(
  { wins, losses, trades }: Pick<AccountView, "wins" | "losses" | "trades">,
): number | null {
  if (trades === 0 || trades < wins + losses) return null;
  return Math.round(wins / trades * 1_000) / 10;
}

/** What everybody may see of an agent: wish, observation and newest figures in one value. */
export function toView(entry: AgentEntry): AgentView {
  if (entry.toldView !== null) return told(entry.toldView, entry);
  const { record, observed, account } = entry;
  const { config } = record;
  return {
    id: record.id,
    owner: ownerOf(record),
    name: config.name,
    type: config.type,
    symbol: config.symbol,
    timeframe: config.timeframe,
    mode: config.mode,
    simulated: config.mode === "paper",
    livePrices: entry.livePrices,
    feed: config.feed,
    feedProblem: entry.isOpen ? entry.feedProblem : null,
    venueProblem: venueProblemOf(entry),
    waitsFor: entry.isOpen ? entry.waitsFor : null,
    modelProblem: entry.isOpen ? entry.modelProblem : null,
    templateName: record.templateName,
    ...(record.team === undefined ? {} : { team: record.team }),
    ...(config.signalsOnly && hasAccount(config.type)
      ? { signalsOnly: true }
      : {}),
    desired: record.desired,
    observed: observed.state,
    observedSince: observed.since,
    epoch: observed.epoch,
    restarts: observed.restarts,
    restartBudget: observed.restartBudget,
    retryAt: observed.retryAt,
    lastError: observed.lastError,
    configVersion: record.configVersion,
    createdAt: record.createdAt,
    account,
    winRatePct: account === null ? null : winRatePct(account),
    tradeTotals: {
      trades: entry.tradesSeen,
      grossProfit: toDecimalText(entry.grossProfit),
      grossLoss: toDecimalText(entry.grossLoss),
    },
    progress: entry.progress,
    vitals: entry.vitals,
    lastDecision: entry.lastDecision,
    lastPattern: entry.lastPattern,
    equity: thin(entry.equity, SPARKLINE_POINTS),
    updatedAt: entry.updatedAt,
    ...hostOf(entry),
  };
}

/** What another process told, with a wish that it may not have heard of yet. */
function told(view: AgentView, entry: AgentEntry): AgentView {
  const { desired, configVersion } = entry.record;
  // What was told of its host then says nothing about now.
  const { host: _, hostProblem: __, ...rest } = view;
  return { ...rest, desired, configVersion, ...hostOf(entry) };
}

function hostOf(
  { hostId, hostProblem }: AgentEntry,
): Pick<AgentView, "host" | "hostProblem"> {
  return {
    ...(hostId === null ? {} : { host: hostId }),
    ...(hostProblem === null ? {} : { hostProblem }),
  };
}

/** Whose an agent is. */
export function ownerOf(
  { ownerId, ownerEmail }: Pick<AgentRecord, "ownerId" | "ownerEmail">,
): Owner {
  return { id: ownerId, email: ownerEmail ?? null };
}

/** A view with configuration and history, for the agent's own page. */
export function toDetail(
  entry: AgentEntry,
  agents: Pick<AgentRegistry, "find">,
): AgentDetail {
  return {
    ...toView(entry),
    config: entry.record.config,
    history: entry.observed.history,
    listensTo: sourcesOf(entry.record.config).map((id) => ({
      id,
      name: agents.find(id)?.record.config.name ?? id,
    })),
    latency: entry.latency,
    supervision: {
      restartWindowMs: RESTART_BUDGET.windowMs,
      mailboxMax: EVENTS_LANE_MAX,
    },
  };
}

/** At most `limit` items, evenly spread, the last one included. */
export function thin<T>(items: readonly T[], limit: number): readonly T[] {
  if (items.length <= limit) return items;
  const step = (items.length - 1) / (limit - 1);
  return Array.from(
    { length: limit },
    (_, index) => items[Math.round(index * step)]!,
  );
}
