/**
 * A commit whose outcome is unknown may be stored a moment later. Memory then
 * lags behind the store, which is the truth: it is read again until the doubt
 * has passed, and what is found there is taken over.
 *
 * @module
 */
import { AppError } from "../../core/errors.ts";
import type { AgentRecord } from "../../contracts/agent.ts";
import type { AuditEntry } from "../../store/port.ts";
import type { FleetContext } from "../context.ts";
import { applyConfigSoon } from "../applied_config.ts";
import { COMMAND_DOUBT_MS } from "../limits.ts";
import { publish } from "../publish.ts";
import type { AgentEntry } from "../registry.ts";
import { addAgent } from "./add_agent.ts";

/**
 * Saves a record and answers with what the store holds afterwards: the record
 * itself, or the one that was in its way, or null where there is none.
 *
 * @throws {AppError} STORE_UNAVAILABLE if that is unknown; it is looked up later.
 */
export async function saveAndSettle(
  context: FleetContext,
  record: AgentRecord,
  options: { expected: AgentRecord | null; audit: AuditEntry },
): Promise<AgentRecord | null> {
  const { agents } = context.store;
  try {
    if (await agents.save(record, options)) return record;
    return await agents.get(record.id);
  } catch (error) {
    if (error instanceof AppError && error.code === "STORE_UNAVAILABLE") {
      // Not tracked: a shutdown does not wait for it, as the next start reads the store anyway.
      settleDoubt(context, record.id).catch((late) =>
        context.onError(
          `look up what became of a command to ${record.id}`,
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
  entry.record = stored;
  publish(context, entry);
  context.reconcileSoon();
  if (isReconfigured) await applyConfigSoon(context, entry);
}

/** Reads the record again, after longer and longer pauses. */
async function settleDoubt(context: FleetContext, id: string): Promise<void> {
  for (const pauseMs of COMMAND_DOUBT_MS) {
    // deno-lint-ignore no-await-in-loop -- a pause between looks
    await new Promise<void>((resolve) => context.clock.after(pauseMs, resolve));
    if (context.isDraining) return;
    const before = context.agents.find(id)?.record;
    // deno-lint-ignore no-await-in-loop -- as above
    const stored = await context.store.agents.get(id).catch(() => null);
    const entry = context.agents.find(id);
    // What was read may be older than a command that came meanwhile.
    if (stored === null || entry?.record !== before) continue;
    // A spawn that was stored although nobody heard of it.
    if (entry === undefined) addAgent(context, stored);
    else if (
      entry.unstored.length === 0 &&
      stored.commandId !== entry.record.commandId
    ) {
      // deno-lint-ignore no-await-in-loop -- as above
      await adopt(context, entry, stored);
    }
  }
}
