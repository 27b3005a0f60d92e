import { readCellSnapshot, type VersionedSnapshot } from "../../actors/mod.ts";
import type { DeskQuery } from "../contracts/desk.ts";
import type { AppError } from "../core/errors.ts";
import { MIRROR_TAKEN } from "./cluster/mirror/mirror_port.ts";
import type { FleetContext } from "./context.ts";
import { deskIdOf } from "./desk_ids.ts";
import { ASK_DEADLINE_MS } from "./limits.ts";
import type { AgentEntry, SnapshotStatus } from "./registry.ts";

/**
 * Has an agent tell what a later incarnation starts from, unless that is what is
 * stored already: half a megabyte every quarter of a minute, and nothing comes
 * between two candles. What its worker has told and is not known to be stored
 * is asked for again.
 */
export async function askSnapshot(
  { supervisor }: FleetContext,
  entry: AgentEntry,
): Promise<void> {
  const ifChanged = entry.snapshotStatus === "stored";
  entry.snapshotStatus = "asked";
  let status: SnapshotStatus = "unstored";
  try {
    const { id } = entry.record;
    const snapshot = await supervisor.requestSnapshot(id, { ifChanged });
    // Another one is on its way to the store and says so when it is there.
    if (snapshot === null && ifChanged) status = "stored";
  } finally {
    entry.snapshotStatus = status;
  }
}

/** Stores what an agent starts from next, and tells the desk which steps it will not ask for any more. */
export function projectSnapshot(
  context: FleetContext,
  id: string,
  snapshot: unknown,
): void {
  const entry = context.agents.find(id);
  if (entry === undefined || snapshot === null || snapshot === undefined) {
    return;
  }
  const isRecycling = entry.observed.state === "stopping";
  // One after the other, so that the newest one is what stays.
  const saved = entry.snapshotSaved.then(async () => {
    // First the journal with the steps up to there, for a host that goes on from both.
    if (context.mirror !== null) await context.mirror.flush(id);
    await context.store.agents.saveSnapshot(id, snapshot);
    // Of an older one that is late it says nothing.
    if (entry.snapshotSaved === saved) settle(entry, "stored");
    // Not of every agent all the time: a hundred of them would fill the heap.
    entry.lastSnapshot = isRecycling ? snapshot : null;
    if (entry.isOpen) {
      context.track(
        releaseSteps(context, entry, snapshot),
        `release steps of ${id}`,
      );
    }
  }).catch((error) => {
    settle(entry, "unstored");
    // Another host has the agent, or it was removed: nobody starts from this one.
    if ((error as AppError).code === MIRROR_TAKEN) return;
    context.onError(`save a snapshot of ${id}`, error);
  });
  entry.snapshotSaved = saved;
  context.track(saved, `save a snapshot of ${id}`);
}

/** An older one says nothing of the one that is being asked for. */
function settle(entry: AgentEntry, status: "stored" | "unstored"): void {
  if (entry.snapshotStatus !== "asked") entry.snapshotStatus = status;
}

/** The newest stored snapshot, for the next worker; null if there is none. */
export async function takeSnapshot(
  context: FleetContext,
  entry: AgentEntry,
): Promise<unknown> {
  const { lastSnapshot } = entry;
  entry.lastSnapshot = null;
  return lastSnapshot ??
    await context.store.agents.loadSnapshot(entry.record.id);
}

async function releaseSteps(
  context: FleetContext,
  { record: { id, config } }: AgentEntry,
  snapshot: unknown,
): Promise<void> {
  const seq = decidedSeqOf(snapshot);
  if (seq === null) return;
  const query: DeskQuery = { type: "releaseSteps", agentId: id, seq };
  await context.supervisor.ask(deskIdOf(config), query, {
    deadlineMs: ASK_DEADLINE_MS,
  }).catch(() => {
    // A desk that does not hear it keeps more for a while: the next snapshot says it again.
  });
}

/** The candle after which a snapshot was taken; null where it does not tell. */
function decidedSeqOf(snapshot: unknown): number | null {
  const versioned = readCellSnapshot(snapshot)?.state;
  const { state } = (versioned ?? {}) as Partial<VersionedSnapshot>;
  const { decidedSeq } = (state ?? {}) as { decidedSeq?: unknown };
  return typeof decidedSeq === "number" && decidedSeq >= 0 ? decidedSeq : null;
}
