/**
 * Feed workers and their streams. Those of simulated markets and files run all
 * the time; one for an exchange runs while agents use it.
 *
 * @module
 */
import type { ChildSpec } from "../../actors/mod.ts";
import { TIMEFRAME_MS } from "../contracts/candle.ts";
import type { FeedSource } from "../contracts/feed.ts";
import type {
  CandleStreamConfig,
  FeedQuery,
  FeedWorkerConfig,
  StreamOpened,
} from "../contracts/market.ts";
import { feedId, type FleetContext } from "./context.ts";
import { ASK_DEADLINE_MS, FEED_IDLE_MS } from "./limits.ts";
import { originOf } from "./market_access.ts";
import type { AgentEntry } from "./registry.ts";
import { streamOf } from "./stream_of.ts";

/** Opens (or finds open) the stream of an agent. Rejects with the feed's sentence when it cannot. */
export async function openStream(
  context: FleetContext,
  stream: CandleStreamConfig,
): Promise<StreamOpened> {
  const { feed } = stream;
  if (feed.kind === "exchange") await context.exchangeFeeds.ensure(feed);
  const headSeq = await lastHead(context, stream);
  const query: FeedQuery = { type: "openStream", stream, headSeq };
  return await context.supervisor.ask(feedId(feed), query, {
    deadlineMs: ASK_DEADLINE_MS,
  }) as StreamOpened;
}

/** Closes a stream that belongs to one agent, as a replay does; markets that agents share stay open. */
export async function closeOwnStream(
  context: FleetContext,
  { feed, streamId }: Pick<CandleStreamConfig, "feed" | "streamId">,
): Promise<void> {
  if (feed.kind !== "replay") return;
  const query: FeedQuery = { type: "closeStream", streamId };
  await context.supervisor.ask(feedId(feed), query);
}

/** Where a stream stood last; a new simulated market starts with its history up to now. */
async function lastHead(
  context: FleetContext,
  stream: CandleStreamConfig,
): Promise<number> {
  // An exchange knows by itself where its market is.
  if (stream.feed.kind !== "simulated") return -1;
  const stored = await context.store.agents.feedHead(stream.streamId);
  if (stored !== null) return stored;
  const historyMs = context.clock.nowMs() - context.genesisAt;
  return Math.max(
    0,
    Math.floor(historyMs / TIMEFRAME_MS[stream.timeframe]) - 1,
  );
}

/** Agents whose stream and account a feed or desk that starts again has to open. */
export function openAgents(context: FleetContext): AgentEntry[] {
  return context.agents.all().filter(({ isOpen }) => isOpen);
}

/** How a feed worker is started. */
export function feedSpec(context: FleetContext, source: FeedSource): ChildSpec {
  return {
    id: feedId(source),
    kind: "feed",
    createHost: () => context.hosts.feed(source),
    loadInit: async () => ({
      config: await feedConfig(context, source),
      snapshot: null,
    }),
    restart: "permanent",
  };
}

async function feedConfig(
  context: FleetContext,
  source: FeedSource,
): Promise<FeedWorkerConfig> {
  const streams = new Map<string, CandleStreamConfig>();
  for (const entry of openAgents(context)) {
    if (feedId(entry.record.config.feed) !== feedId(source)) continue;
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
    exchangeOrigin: source.kind === "exchange"
      ? originOf(context.settings, source)
      : null,
    silence: source.kind === "exchange"
      ? context.silences.of(source).memory
      : null,
    streams: await Promise.all(
      [...streams.values()].map(async (stream) => ({
        stream,
        headSeq: await lastHead(context, stream),
      })),
    ),
  };
}

/** Starts the feed worker of an exchange when an agent needs it, and ends it when none does any more. */
export class ExchangeFeeds {
  readonly #context: FleetContext;
  /** The last step of each worker; they follow each other. */
  readonly #steps = new Map<string, Promise<void>>();
  /** When each worker was asked for last, by the monotonic clock. */
  readonly #usedMs = new Map<string, number>();

  constructor(context: FleetContext) {
    this.#context = context;
  }

  /** Resolves when the worker is up. @throws {AppError} If it cannot be started. */
  ensure(source: FeedSource & { kind: "exchange" }): Promise<void> {
    const { clock, supervisor } = this.#context;
    const id = feedId(source);
    this.#usedMs.set(id, clock.monotonicMs());
    return this.#step(id, async () => {
      if (supervisor.status(id) !== null) return;
      await supervisor.start(feedSpec(this.#context, source));
    });
  }

  /** Ends workers that no agent uses. An agent that starts has asked for its worker just before. */
  sweep(): void {
    const { agents, clock, isDraining, supervisor, track } = this.#context;
    if (isDraining) return;
    const used = new Set(
      agents.all().flatMap(({ isOpen, record }) =>
        isOpen ? [feedId(record.config.feed)] : []
      ),
    );
    for (const [id, usedMs] of this.#usedMs) {
      if (used.has(id) || clock.monotonicMs() - usedMs < FEED_IDLE_MS) continue;
      this.#usedMs.delete(id);
      track(
        this.#step(id, async () => {
          if (this.#usedMs.has(id) || supervisor.status(id) === null) return;
          await supervisor.stop(id, {
            reason: "No agent uses this market",
            mode: "stop",
          });
          await supervisor.remove(id);
        }),
        `end ${id}`,
      );
    }
  }

  #step(id: string, work: () => Promise<void>): Promise<void> {
    const before = this.#steps.get(id) ?? Promise.resolve();
    const step = before.catch(() => {}).then(work);
    this.#steps.set(id, step);
    return step;
  }
}
