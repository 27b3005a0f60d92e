/**
 * Commands that reduce risk do not wait for the store: they are carried out at
 * once and stored as soon as that is possible. Nobody is told that such a
 * command is stored before it is.
 *
 * @module
 */
import { AppError } from "../../core/errors.ts";
import type { AgentRecord, ControlAction } from "../../contracts/agent.ts";
import type { AuditEntry } from "../../store/port.ts";
import type { FleetContext } from "../context.ts";
import { COMMAND_STORE_MS, REPORT_RETRY_MS } from "../limits.ts";
import type { AgentEntry } from "../registry.ts";

/** A changed record that the store has not taken yet. */
export interface UnstoredChange {
  record: AgentRecord;
  /** What the store has before this change. */
  expected: AgentRecord;
  audit: AuditEntry;
}

/**
 * Stores a changed record, or keeps it in memory and goes on trying.
 *
 * @returns Whether it is stored.
 */
export async function saveOrKeep(
  context: FleetContext,
  entry: AgentEntry,
  options: { change: Partial<AgentRecord>; audit: AuditEntry },
): Promise<boolean> {
  const expected = entry.record;
  const written = {
    updatedAt: context.clock.nowMs(),
    commandId: context.ids("cmd"),
  };
  const unstored: UnstoredChange = {
    record: { ...expected, ...options.change, ...written },
    expected,
    audit: options.audit,
  };
  const isHopeless = context.storage.heldReason !== null ||
    entry.unstored.length > 0;
  if (!isHopeless && await isStoredInTime(context, unstored)) {
    entry.record = unstored.record;
    return true;
  }
  // Another command may have come between.
  unstored.expected = entry.record;
  unstored.record = { ...entry.record, ...options.change, ...written };
  entry.record = unstored.record;
  entry.unstored.push(unstored);
  if (entry.unstored.length === 1) {
    context.track(
      storeLater(context, entry),
      `store a command to ${entry.record.id}`,
    );
  }
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
  entry: AgentEntry,
  action: ControlAction,
): AppError {
  const { expected } = entry.unstored[0] ?? { expected: entry.record };
  const sentences = [
    `The ${action} of "${entry.record.config.name}" is being carried out, but it is not stored yet, because the store does not take writes`,
    "The server goes on trying",
    `Should it end before that, the agent starts again as it was stored: ${expected.desired}`,
  ];
  return new AppError("STORE_UNAVAILABLE", sentences.join(". "), {
    status: 503,
  });
}

async function isStoredInTime(
  context: FleetContext,
  { record, expected, audit }: UnstoredChange,
): Promise<boolean> {
  const saved = context.store.agents.save(record, { expected, audit });
  const late = Promise.withResolvers<null>();
  const timer = context.clock.after(
    COMMAND_STORE_MS,
    () => late.resolve(null),
  );
  try {
    const isSaved = await Promise.race([saved, late.promise]);
    if (isSaved === false) {
      throw new AppError(
        "AGENT_STATE_CONFLICT",
        `Agent "${expected.config.name}" was changed by somebody else at the same moment; look at it and try again`,
        { status: 409 },
      );
    }
    // One that is late may fail later: it is read back before it is repeated.
    if (isSaved === null) saved.catch(() => {});
    return isSaved === true;
  } catch (error) {
    if (error instanceof AppError && error.code === "STORE_UNAVAILABLE") {
      return false;
    }
    throw error;
  } finally {
    timer.cancel();
  }
}

/** Stores what was kept, in order, until nothing is left or the server ends. */
async function storeLater(
  context: FleetContext,
  entry: AgentEntry,
): Promise<void> {
  for (;;) {
    const oldest = entry.unstored[0];
    if (oldest === undefined || context.isDraining) return;
    try {
      // deno-lint-ignore no-await-in-loop -- one after the other, in order
      if (await storeOne(context, entry)) {
        entry.unstored.shift();
        continue;
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
  entry: AgentEntry,
): Promise<boolean> {
  const unstored = entry.unstored[0]!;
  const { record, audit } = unstored;
  const { agents } = context.store;
  if (await agents.save(record, { expected: unstored.expected, audit })) {
    return true;
  }
  const found = await agents.get(record.id);
  // Removed meanwhile: there is nothing left to wish for.
  if (found === null) return true;
  // First attempts that were only late: a later change is stored only on top of this one.
  const isStored = entry.unstored.some((change) =>
    change.record.commandId === found.commandId
  );
  if (isStored) return true;
  unstored.expected = found;
  return false;
}
