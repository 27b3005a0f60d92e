/**
 * A commit whose outcome is unknown may be stored a moment later. Memory then
 * lags behind the store, which is the truth: it is read again until the doubt
 * has passed, and what is found there is taken over. Records of one command
 * share one commit, so they are read and taken over together.
 *
 * @module
 */
import { isDeepStrictEqual } from "node:util";
import { AppError } from "../../core/errors.ts";
import type { AgentRecord } from "../../contracts/agent.ts";
import type { AuditEntry, RecordChange } from "../../store/port.ts";
import type { FleetContext } from "../context.ts";
import { applyConfigSoon } from "../applied_config.ts";
import { COMMAND_DOUBT_MS } from "../limits.ts";
import { publish } from "../publish.ts";
import type { AgentEntry } from "../registry.ts";
import { addAgent } from "./add_agent.ts";
import { holdStored } from "./kept.ts";

/**
 * Saves records as one and answers with what the store holds afterwards: each
 * record itself, or the one that is in its place, or null where there is none.
 *
 * @throws {AppError} STORE_UNAVAILABLE if that is unknown; it is looked up later.
 */
export async function saveAndSettle(
  context: FleetContext,
  changes: readonly RecordChange[],
  options: { audit: AuditEntry },
): Promise<readonly (AgentRecord | null)[]> {
  const { agents } = context.store;
  const ids = changes.map(({ record }) => record.id);
  try {
    if (await agents.saveAll(changes, options)) {
      return changes.map(({ record }) => record);
    }
    return await agents.getAll(ids);
  } catch (error) {
    if (error instanceof AppError && error.code === "STORE_UNAVAILABLE") {
      // Not tracked: a shutdown does not wait for it, as the next start reads the store anyway.
      settleDoubt(context, ids).catch((late) =>
        context.onError(
          `look up what became of a command to ${ids.join(", ")}`,
          late,
        )
      );
    }
    throw error;
  }
}

/** Takes over what the store holds of an agent that memory has otherwise. */
export async function adopt(
  context: FleetContext,
  entry: AgentEntry,
  stored: AgentRecord,
): Promise<void> {
  const isReconfigured = stored.configVersion !== entry.record.configVersion;
  holdStored(entry, stored);
  publish(context, entry);
  context.reconcileSoon();
  if (isReconfigured) await applyConfigSoon(context, entry);
}

/**
 * Takes over what others have stored in place of the records of a command.
 *
 * @param parts Its agents, and what each one's record was when it began.
 * @param stored What was read after it was refused, in the same order.
 * @returns An agent whose record it was.
 */
export async function adoptOthers(
  context: FleetContext,
  parts: readonly { entry: AgentEntry; expected: AgentRecord }[],
  stored: readonly (AgentRecord | null)[],
): Promise<AgentEntry> {
  let changed = parts[0]!.entry;
  for (const [place, { entry, expected }] of parts.entries()) {
    const record = stored[place] ?? null;
    if (isDeepStrictEqual(record, expected)) continue;
    changed = entry;
    // One that a command of this process has changed meanwhile may be newer than what was read.
    const isOld = entry.record !== expected;
    // deno-lint-ignore no-await-in-loop -- at most as many as a team has
    if (record !== null && !isOld) await adopt(context, entry, record);
  }
  return changed;
}

/** Reads the records again, after longer and longer pauses. */
async function settleDoubt(
  context: FleetContext,
  ids: readonly string[],
): Promise<void> {
  for (const pauseMs of COMMAND_DOUBT_MS) {
    // deno-lint-ignore no-await-in-loop -- a pause between looks
    await new Promise<void>((resolve) => context.clock.after(pauseMs, resolve));
    if (context.isDraining) return;
    const before = recordsNow(context, ids);
    // deno-lint-ignore no-await-in-loop -- as above
    const stored = await context.store.agents.getAll(ids).catch(() => null);
    // deno-lint-ignore no-await-in-loop -- as above
    if (stored !== null) await takeOverAll(context, { ids, before, stored });
  }
}

/** Takes over what another process has stored of own agents, at most ten. */
export async function takeStored(
  context: FleetContext,
  ids: readonly string[],
): Promise<void> {
  const own = ids.filter((id) => context.agents.find(id)?.isOwn === true);
  const before = recordsNow(context, own);
  const stored = await context.store.agents.getAll(own);
  await takeOverAll(context, { ids: own, before, stored });
}

function recordsNow(
  { agents }: FleetContext,
  ids: readonly string[],
): readonly (AgentRecord | undefined)[] {
  return ids.map((id) => agents.find(id)?.record);
}

/** Takes over what was read, unless a command came meanwhile: then it may be older. */
async function takeOverAll(
  context: FleetContext,
  { ids, before, stored }: {
    ids: readonly string[];
    before: readonly (AgentRecord | undefined)[];
    stored: readonly (AgentRecord | null)[];
  },
): Promise<void> {
  for (const [place, record] of stored.entries()) {
    const isOld = context.agents.find(ids[place]!)?.record !== before[place];
    // deno-lint-ignore no-await-in-loop -- mostly there is nothing to do
    if (record !== null && !isOld) await takeOver(context, record);
  }
}

async function takeOver(
  context: FleetContext,
  stored: AgentRecord,
): Promise<void> {
  const entry = context.agents.find(stored.id);
  // A spawn that was stored although nobody heard of it.
  if (entry === undefined) addAgent(context, stored);
  else if (
    entry.unstored.length === 0 &&
    stored.commandId !== entry.record.commandId
  ) {
    await adopt(context, entry, stored);
  }
}
