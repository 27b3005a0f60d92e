/**
 * How one agent's worker, its market and its desk account are started,
 * connected and ended.
 *
 * @module
 */
import type { ChildSpec } from "../../actors/mod.ts";
import { TIMEFRAME_MS } from "../contracts/candle.ts";
import type {
  DeskAccountConfig,
  DeskAccountOpening,
  DeskAnswer,
  DeskConfig,
  DeskQuery,
} from "../contracts/desk.ts";
import { EMERGENCY_FOLDER } from "../contracts/emergency_desk.ts";
import type { AgentWorkerConfig } from "../contracts/agent.ts";
import { LINKS } from "../contracts/links.ts";
import type {
  CandleStreamConfig,
  FeedQuery,
  FeedWorkerConfig,
  StreamOpened,
} from "../contracts/market.ts";
import type { FeedConfig } from "../contracts/feed.ts";
import { DESK_ID, feedId, type FleetContext } from "./context.ts";
import { ASK_DEADLINE_MS } from "./limits.ts";
import type { AgentEntry } from "./registry.ts";
import { takeSnapshot } from "./snapshots.ts";
import { streamOf } from "./stream_of.ts";

export { streamOf } from "./stream_of.ts";

const BYTES_PER_MIB = 1_048_576;

/** Opens (or finds open) the stream of an agent. Rejects with the feed's sentence when it cannot. */
export async function openStream(
  context: FleetContext,
  stream: CandleStreamConfig,
): Promise<StreamOpened> {
  const headSeq = await lastHead(context, stream);
  const query: FeedQuery = { type: "openStream", stream, headSeq };
  return await context.supervisor.ask(feedId(stream.feed.kind), query, {
    deadlineMs: ASK_DEADLINE_MS,
  }) as StreamOpened;
}

/** Where a stream stood last; a new simulated market starts with its history up to now. */
async function lastHead(
  context: FleetContext,
  stream: CandleStreamConfig,
): Promise<number> {
  if (stream.feed.kind === "replay") return -1;
  const stored = await context.store.agents.feedHead(stream.streamId);
  if (stored !== null) return stored;
  const historyMs = context.clock.nowMs() - context.genesisAt;
  return Math.max(
    0,
    Math.floor(historyMs / TIMEFRAME_MS[stream.timeframe]) - 1,
  );
}

/** The desk's view of an agent. */
export function accountConfig(
  entry: Pick<AgentEntry, "record">,
): DeskAccountConfig {
  const { record } = entry;
  return {
    agentId: record.id,
    symbol: record.config.symbol,
    startSeq: record.startSeq,
    // Simulated and replayed markets wait for the agent, so that the same
    // candles give the same trades whatever the load of the machine.
    pacing: "lockstep",
    risk: record.config.risk,
    safety: record.config.safety,
    seed: record.config.seed,
    costs: record.config.costs,
    candleMs: TIMEFRAME_MS[record.config.timeframe],
    entriesAllowed: record.desired === "running",
  };
}

function accountOpening(entry: AgentEntry): DeskAccountOpening {
  return {
    account: accountConfig(entry),
    storedTrades: entry.tradesStored,
    ownerId: entry.record.ownerId,
  };
}

/** Asks the desk and keeps its answer as the agent's newest account. */
export async function askDesk(
  context: FleetContext,
  entry: AgentEntry,
  query: DeskQuery,
): Promise<DeskAnswer | null> {
  const answer = await context.supervisor.ask(DESK_ID, query, {
    deadlineMs: ASK_DEADLINE_MS,
  }) as DeskAnswer | null;
  if (answer !== null) {
    entry.account = answer.account;
    entry.isDirty = true;
  }
  return answer;
}

/** Opens an agent's account at the desk, or finds it open; a desk that starts again opens it by itself. */
export async function openBooks(
  context: FleetContext,
  entry: AgentEntry,
): Promise<DeskAnswer> {
  entry.isOpen = true;
  const { configVersion } = entry.record;
  const answer = await askDesk(context, entry, {
    type: "openAccount",
    ...accountOpening(entry),
  });
  entry.heldConfig.desk = configVersion;
  return answer as DeskAnswer;
}

/** Starts an agent: stream, account, worker, links, in this order. */
export async function startAgent(
  context: FleetContext,
  entry: AgentEntry,
  options: { paused: boolean },
): Promise<void> {
  const stream = streamOf({ id: entry.record.id, config: entry.record.config });
  const opened = await openStream(context, stream);
  entry.progress = { ...entry.progress, totalCandles: opened.totalCandles };
  const { newestEpoch } = await openBooks(context, entry);
  entry.needsSettling = false;
  connectAgent(context, entry, stream.streamId);
  // A full store may have missed incarnations that the journal knows.
  const lastEpoch = Math.max(entry.observed.epoch, newestEpoch);
  await context.supervisor.start(
    agentSpec(context, entry, { ...options, lastEpoch }),
  );
}

function connectAgent(
  context: FleetContext,
  entry: AgentEntry,
  streamId: string,
): void {
  const { id } = entry.record;
  const feed = feedId(entry.record.config.feed.kind);
  const streamInfo = () => ({ streamId });
  context.supervisor.connect({
    from: feed,
    fromLink: `${LINKS.candlesOf(id)}:desk`,
    to: DESK_ID,
    toLink: LINKS.candlesOf(id),
    fromInfo: streamInfo,
  });
  context.supervisor.connect({
    from: feed,
    fromLink: `${LINKS.candlesOf(id)}:agent`,
    to: id,
    toLink: LINKS.feed,
    fromInfo: streamInfo,
  });
  context.supervisor.connect({
    from: id,
    fromLink: LINKS.desk,
    to: DESK_ID,
    toLink: LINKS.agentOf(id),
  });
}

/** Takes an agent's links apart; its stream is closed when it was the agent's own. */
export async function disconnectAgent(
  context: FleetContext,
  entry: AgentEntry,
): Promise<void> {
  const { id, config, streamId } = entry.record;
  entry.isOpen = false;
  const feed = feedId(config.feed.kind);
  context.supervisor.disconnect(feed, `${LINKS.candlesOf(id)}:desk`);
  context.supervisor.disconnect(feed, `${LINKS.candlesOf(id)}:agent`);
  context.supervisor.disconnect(id, LINKS.desk);
  if (config.feed.kind === "replay") {
    const query: FeedQuery = { type: "closeStream", streamId };
    await context.supervisor.ask(feed, query);
  }
}

/** What an agent's worker is configured with. */
export function agentWorkerConfig(entry: AgentEntry): AgentWorkerConfig {
  const { id, config, startSeq, tradeFromSeq } = entry.record;
  return { agentId: id, config, startSeq, tradeFromSeq };
}

function agentSpec(
  context: FleetContext,
  entry: AgentEntry,
  options: { paused: boolean; lastEpoch: number },
): ChildSpec {
  return {
    id: entry.record.id,
    kind: "agent",
    createHost: () => context.hosts.agent(entry.record.config.type),
    loadInit: async () => {
      await entry.snapshotSaved;
      const snapshot = await takeSnapshot(context, entry);
      // Last, so that no change comes between the reading and the start.
      entry.heldConfig.worker = entry.record.configVersion;
      return { config: agentWorkerConfig(entry), snapshot };
    },
    restart: "transient",
    // Without its market or the desk an agent waits with its state kept.
    dependsOn: [feedId(entry.record.config.feed.kind), DESK_ID],
    softHeapBytes: context.settings.agentHeapMiB * BYTES_PER_MIB,
    startMs: context.settings.agentStartMs,
    startPaused: options.paused,
    firstEpoch: options.lastEpoch + 1,
  };
}

/** Starts the desk and the feed workers. */
export async function startPlatform(context: FleetContext): Promise<void> {
  await Promise.all([
    context.supervisor.start(deskSpec(context)),
    context.supervisor.start(feedSpec(context, "simulated")),
    context.supervisor.start(feedSpec(context, "replay")),
  ]);
}

/** Agents whose stream and account a feed or desk that starts again has to open. */
function openAgents(context: FleetContext): AgentEntry[] {
  return context.agents.all().filter(({ isOpen }) => isOpen);
}

function deskSpec(context: FleetContext): ChildSpec {
  return {
    id: DESK_ID,
    kind: "desk",
    createHost: () => context.hosts.desk(),
    loadInit: () => {
      const open = openAgents(context);
      for (const entry of open) {
        entry.heldConfig.desk = entry.record.configVersion;
      }
      return Promise.resolve({
        config: {
          journalDir: context.settings.journalDir,
          emergencyDir: `${context.settings.dataDir}/${EMERGENCY_FOLDER}`,
          latches: context.emergency.forDesk(),
          accounts: open.map(accountOpening),
          heldReason: context.storage.deskStarts(),
        } satisfies DeskConfig,
        snapshot: null,
      });
    },
    restart: "permanent",
  };
}

function feedSpec(context: FleetContext, kind: FeedConfig["kind"]): ChildSpec {
  return {
    id: feedId(kind),
    kind: "feed",
    createHost: () => context.hosts.feed(kind),
    loadInit: async () => ({
      config: await feedConfig(context, kind),
      snapshot: null,
    }),
    restart: "permanent",
  };
}

async function feedConfig(
  context: FleetContext,
  kind: FeedConfig["kind"],
): Promise<FeedWorkerConfig> {
  const streams = new Map<string, CandleStreamConfig>();
  for (const entry of openAgents(context)) {
    if (entry.record.config.feed.kind !== kind) continue;
    const stream = streamOf({
      id: entry.record.id,
      config: entry.record.config,
    });
    streams.set(stream.streamId, stream);
  }
  return {
    candlesDir: context.settings.candlesDir,
    seed: context.settings.simulationSeed,
    genesisAt: context.genesisAt,
    simulationSpeed: context.settings.simulationSpeed,
    streams: await Promise.all(
      [...streams.values()].map(async (stream) => ({
        stream,
        headSeq: await lastHead(context, stream),
      })),
    ),
  };
}
