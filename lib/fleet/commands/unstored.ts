/**
 * Commands that reduce risk do not wait for the store: they are carried out at
 * once and stored as soon as that is possible. Nobody is told that such a
 * command is stored before it is. One command may be about several agents; it
 * is stored as one.
 *
 * @module
 */
import { AppError } from "../../core/errors.ts";
import type { AgentRecord } from "../../contracts/agent.ts";
import type { AuditEntry, RecordChange } from "../../store/port.ts";
import type { FleetContext } from "../context.ts";
import { COMMAND_STORE_MS, REPORT_RETRY_MS } from "../limits.ts";
import type { AgentEntry } from "../registry.ts";
import { adopt, adoptOthers } from "./doubt.ts";
import {
  changedRecord,
  dropStored,
  holdStored,
  type UnstoredChange,
  type UnstoredPart,
} from "./kept.ts";
import { ChangedMeanwhile } from "./meanwhile.ts";
import type { EntryChange } from "./records.ts";

/**
 * Stores changed records as one, or keeps them in memory and goes on trying.
 *
 * @returns Whether they are stored.
 */
export async function saveOrKeep(
  context: FleetContext,
  changes: readonly EntryChange[],
  { audit }: { audit: AuditEntry },
): Promise<boolean> {
  const written = {
    updatedAt: context.clock.nowMs(),
    commandId: context.ids("cmd"),
  };
  const partsNow = () =>
    changes.map(({ entry, change }) => ({
      entry,
      change: { ...change, ...written },
      expected: entry.record,
      isGone: false,
    }));
  const first = partsNow();
  const isHopeless = context.storage.heldReason !== null ||
    first.some(({ entry }) => entry.unstored.length > 0);
  if (!isHopeless && await isStoredInTime(context, first, audit)) {
    for (const part of first) holdStored(part.entry, changedRecord(part));
    return true;
  }
  // Another command may have come between.
  const parts = partsNow();
  const earlier = parts.flatMap(({ entry }) => entry.unstored);
  const unstored: UnstoredChange = {
    commandId: written.commandId,
    parts,
    audit,
    isStored: false,
    isOver: Promise.resolve(),
  };
  for (const part of parts) {
    part.entry.record = changedRecord(part);
    part.entry.unstored.push(unstored);
  }
  unstored.isOver = storeLater(context, unstored, earlier);
  context.track(unstored.isOver, `store ${audit.action} of ${audit.target}`);
  return false;
}

/**
 * Refuses a command that needs the store while an earlier one waits for it.
 *
 * @throws {AppError} STORE_UNAVAILABLE
 */
export function refuseWhileUnstored(entry: AgentEntry): void {
  if (entry.unstored.length === 0) return;
  throw new AppError(
    "STORE_UNAVAILABLE",
    `An earlier command to "${entry.record.config.name}" was carried out but waits to be stored; try again in a moment`,
    { status: 503 },
  );
}

/** What somebody is told whose command was carried out and is not stored. */
export function carriedOut(
  entries: readonly AgentEntry[],
  command: { action: string; name: string },
): AppError {
  const wanted = entries.map((entry) => storedRecord(entry).desired);
  const again = entries.length === 1
    ? "the agent starts again as it was stored"
    : "the agents start again as they were stored";
  const sentences = [
    `The ${command.action} of "${command.name}" is being carried out, but it is not stored yet, because the store does not take writes`,
    "The server goes on trying",
    `Should it end before that, ${again}: ${
      [...new Set(wanted)].join(" and ")
    }`,
  ];
  return new AppError("STORE_UNAVAILABLE", sentences.join(". "), {
    status: 503,
  });
}

/** What the store has of an agent, as far as memory knows. */
function storedRecord(entry: AgentEntry): AgentRecord {
  const part = entry.unstored[0]?.parts.find((known) => known.entry === entry);
  return part?.expected ?? entry.record;
}

async function isStoredInTime(
  context: FleetContext,
  parts: readonly UnstoredPart[],
  audit: AuditEntry,
): Promise<boolean> {
  const saved = saveNow(context, parts, audit);
  const late = Promise.withResolvers<null>();
  const timer = context.clock.after(
    COMMAND_STORE_MS,
    () => late.resolve(null),
  );
  try {
    const others = await Promise.race([saved, late.promise]);
    // One that is late may fail later: it is read back before it is repeated.
    if (others === null) saved.catch(() => {});
    else if (others.length > 0) {
      throw new ChangedMeanwhile([await adoptOthers(context, parts, others)]);
    }
    return others !== null;
  } catch (error) {
    if (error instanceof AppError && error.code === "STORE_UNAVAILABLE") {
      return false;
    }
    throw error;
  } finally {
    timer.cancel();
  }
}

/** Answers what others have stored in place of these records; nothing where these are stored. */
async function saveNow(
  { store: { agents } }: FleetContext,
  parts: readonly UnstoredPart[],
  audit: AuditEntry,
): Promise<readonly (AgentRecord | null)[]> {
  if (await agents.saveAll(toChanges(parts), { audit })) return [];
  const found = await agents.getAll(parts.map(({ expected }) => expected.id));
  const isStored = parts.every(({ change }, place) =>
    found[place]?.commandId === change.commandId
  );
  return isStored ? [] : found;
}

/** Stores what was kept, after what was kept before it of the same agents. */
async function storeLater(
  context: FleetContext,
  change: UnstoredChange,
  earlier: readonly UnstoredChange[],
): Promise<void> {
  await Promise.all(earlier.map(({ isOver }) => isOver));
  while (!context.isDraining) {
    try {
      // deno-lint-ignore no-await-in-loop -- one attempt after the other
      if (change.isStored || await storeOne(context, change)) {
        return dropStored(change);
      }
    } catch {
      // The store fails still; its failure is shown by the storage watch.
    }
    // deno-lint-ignore no-await-in-loop -- a pause between attempts
    await new Promise<void>((resolve) =>
      context.clock.after(REPORT_RETRY_MS, resolve)
    );
  }
}

/** Tries once; an earlier attempt in doubt may have succeeded, which is as good. */
async function storeOne(
  context: FleetContext,
  change: UnstoredChange,
): Promise<boolean> {
  const { agents } = context.store;
  // Removed meanwhile: there is nothing left to wish for.
  const parts = change.parts.filter(({ isGone }) => !isGone);
  if (parts.length === 0) return true;
  if (await agents.saveAll(toChanges(parts), change)) return true;
  const found = await agents.getAll(parts.map(({ expected }) => expected.id));
  // A first attempt that was only late. All parts are one commit: where one is there, so were all.
  const isStored = found.some((record) =>
    record?.commandId === change.commandId
  );
  if (isStored) return true;
  for (const [place, part] of parts.entries()) {
    const record = found[place] ?? null;
    if (record === null) part.isGone = true;
    else await adoptBeneath(context, part.entry, record);
  }
  return false;
}

/**
 * Takes over what the store has of an agent beneath what it has not taken yet.
 * It may be the late first attempt of another command that was made on the same
 * record: that one is stored, and this one is not.
 */
async function adoptBeneath(
  context: FleetContext,
  entry: AgentEntry,
  record: AgentRecord,
): Promise<void> {
  const landed = entry.unstored.find(({ commandId }) =>
    commandId === record.commandId
  );
  if (landed !== undefined) dropStored(landed);
  await adopt(context, entry, record);
}

function toChanges(parts: readonly UnstoredPart[]): readonly RecordChange[] {
  return parts.map((part) => ({
    record: changedRecord(part),
    expected: part.expected,
  }));
}
