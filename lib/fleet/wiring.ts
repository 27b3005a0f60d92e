/**
 * How one agent's worker, its market and its desk account are started,
 * connected and ended.
 *
 * @module
 */
import type { DeskAnswer } from "../contracts/desk.ts";
import { hasAccount } from "../contracts/agent_types.ts";
import { LINKS } from "../contracts/links.ts";
import { AppError } from "../core/errors.ts";
import { accountOpening } from "./accounts.ts";
import { agentSpec } from "./agent_spec.ts";
import { feedId, type FleetContext } from "./context.ts";
import { deskIdOf } from "./desk_ids.ts";
import { askDesk, ensureDesk } from "./desks.ts";
import { closeOwnStream, feedSpec, openStream } from "./feeds.ts";
import { startGuard } from "./guards/life.ts";
import {
  connectInference,
  ensureInference,
  needsInference,
} from "./inference.ts";
import type { AgentEntry } from "./registry.ts";
import { connectSources, disconnectSources } from "./sources/wiring.ts";
import { streamOf } from "./stream_of.ts";

export { closeOwnStream, openStream } from "./feeds.ts";
export { streamOf } from "./stream_of.ts";

/** Opens an agent's account at the desk, or finds it open; a desk that starts again opens it by itself. */
export async function openBooks(
  context: FleetContext,
  entry: AgentEntry,
): Promise<DeskAnswer> {
  refuseInRotation(context, entry);
  entry.isOpen = true;
  const { configVersion } = entry.record;
  const answer = await askDesk(context, entry, {
    type: "openAccount",
    ...accountOpening(context, entry),
  });
  entry.heldConfig.desk = configVersion;
  context.keyUses.given(deskIdOf(entry.record.config), entry);
  return answer as DeskAnswer;
}

/** It would open with what is about to be replaced. @throws {AppError} `KEY_STATE_CONFLICT`; the caller tries again. */
function refuseInRotation(
  { keysInRotation }: FleetContext,
  { record: { config } }: AgentEntry,
): void {
  const { exchangeKeyId, name } = config;
  if (exchangeKeyId === undefined || !keysInRotation.has(exchangeKeyId)) return;
  throw new AppError(
    "KEY_STATE_CONFLICT",
    `The exchange key of "${name}" is being replaced; it opens in a moment`,
    { status: 409 },
  );
}

/** Starts an agent: stream, account, worker, links, in this order. */
export async function startAgent(
  context: FleetContext,
  entry: AgentEntry,
  options: { paused: boolean },
): Promise<void> {
  if (!hasAccount(entry.record.config.type)) {
    return await startGuard(context, entry, options);
  }
  const stream = streamOf({ id: entry.record.id, config: entry.record.config });
  const opened = await openStream(context, stream);
  entry.progress = { ...entry.progress, totalCandles: opened.totalCandles };
  entry.feedProblem = opened.staleDetail ?? null;
  if (needsInference(entry.record.config)) await ensureInference(context);
  const { newestEpoch } = await openBooks(context, entry);
  entry.needsSettling = false;
  connectAgent(context, entry, stream.streamId);
  connectSources(context, entry);
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
  const feed = feedId(entry.record.config.feed);
  const desk = deskIdOf(entry.record.config);
  const streamInfo = () => ({ streamId });
  context.supervisor.connect({
    from: feed,
    fromLink: `${LINKS.candlesOf(id)}:desk`,
    to: desk,
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
    to: desk,
    toLink: LINKS.agentOf(id),
  });
  if (needsInference(entry.record.config)) connectInference(context, id);
}

/** Takes an agent's links apart; its stream is closed when it was the agent's own. */
export async function disconnectAgent(
  context: FleetContext,
  entry: AgentEntry,
): Promise<void> {
  const { id, config, streamId } = entry.record;
  entry.isOpen = false;
  const feed = feedId(config.feed);
  context.supervisor.disconnect(feed, `${LINKS.candlesOf(id)}:desk`);
  context.supervisor.disconnect(feed, `${LINKS.candlesOf(id)}:agent`);
  context.supervisor.disconnect(id, LINKS.desk);
  disconnectSources(context, entry);
  context.supervisor.disconnect(id, LINKS.inference);
  await closeOwnStream(context, { feed: config.feed, streamId });
}

/** Starts the desk and the feed workers that always run. */
export async function startPlatform(context: FleetContext): Promise<void> {
  await Promise.all([
    ensureDesk(context, null),
    context.supervisor.start(feedSpec(context, { kind: "simulated" })),
    context.supervisor.start(feedSpec(context, { kind: "replay" })),
  ]);
}
