/**
 * What is done for every agent again and again. It is spread over the ticks of
 * its period: a hundred agents at once would hold up the main isolate, and with
 * it every command, for as long as all of them take together.
 *
 * @module
 */
import type { FleetContext } from "./context.ts";
import {
  PUBLISH_EVERY_MS,
  PUBLISH_TICK_MS,
  SNAPSHOT_EVERY_MS,
  SNAPSHOT_TICK_MS,
} from "./limits.ts";
import { publishFigures } from "./publish.ts";
import type { AgentEntry } from "./registry.ts";
import { askSnapshot } from "./snapshots.ts";

/** Writes and streams the figures of agents that have changed, each at most once a second. */
export function publishDirty(context: FleetContext): void {
  const at = context.clock.nowMs();
  const due = context.agents.own().filter((entry) =>
    entry.isDirty && at - entry.publishedAt >= PUBLISH_EVERY_MS
  );
  const share = PUBLISH_TICK_MS / PUBLISH_EVERY_MS;
  for (const entry of shareOf(context, due, share)) {
    publishFigures(context, entry);
  }
}

/** Has agents that run tell what a later incarnation starts from. */
export function requestSnapshots(context: FleetContext): void {
  // There is nowhere to keep them; a restart repeats what came after the last one.
  if (context.storage.heldReason !== null) return;
  const nowMs = context.clock.monotonicMs();
  const due = context.agents.own().filter((entry) =>
    (entry.observed.state === "running" || entry.observed.state === "paused") &&
    entry.snapshotStatus !== "asked" &&
    nowMs - entry.snapshotAtMs >= SNAPSHOT_EVERY_MS
  );
  const share = SNAPSHOT_TICK_MS / SNAPSHOT_EVERY_MS;
  for (const entry of shareOf(context, due, share)) {
    entry.snapshotAtMs = nowMs;
    const { id } = entry.record;
    context.track(askSnapshot(context, entry), `take a snapshot of ${id}`);
  }
}

/** So many of those that are due that all agents have their turn within the period. */
function shareOf(
  context: FleetContext,
  due: readonly AgentEntry[],
  share: number,
): readonly AgentEntry[] {
  return due.slice(0, Math.ceil(context.agents.own().length * share));
}
