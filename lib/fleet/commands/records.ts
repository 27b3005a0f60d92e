import type { AgentRecord } from "../../contracts/agent.ts";
import { callerActor, cameBy } from "../../contracts/audit.ts";
import type { AuditEntry } from "../../store/port.ts";
import type { FleetContext } from "../context.ts";
import type { Caller } from "../port.ts";
import type { AgentEntry } from "../registry.ts";
import { adoptOthers, saveAndSettle } from "./doubt.ts";
import { holdStored } from "./kept.ts";
import { ChangedMeanwhile } from "./meanwhile.ts";
import { refuseWhileUnstored } from "./unstored.ts";

/** One agent's part of a command. */
export interface EntryChange {
  entry: AgentEntry;
  change: Partial<AgentRecord>;
}

/** Stores changed records with the audit entry of their command, all or none, unless somebody else was faster. */
export async function saveRecords(
  context: FleetContext,
  parts: readonly EntryChange[],
  options: { audit: AuditEntry },
): Promise<void> {
  for (const { entry } of parts) refuseWhileUnstored(entry);
  const written = {
    updatedAt: context.clock.nowMs(),
    commandId: context.ids("cmd"),
  };
  const changes = parts.map(({ entry, change }) => ({
    entry,
    expected: entry.record,
    record: { ...entry.record, ...change, ...written },
  }));
  const stored = await saveAndSettle(context, changes, options);
  if (stored.some((record) => record?.commandId !== written.commandId)) {
    // Or an earlier command of unknown outcome was stored after all.
    throw new ChangedMeanwhile([await adoptOthers(context, changes, stored)]);
  }
  for (const [place, { entry }] of parts.entries()) {
    holdStored(entry, changes[place]!.record);
  }
}

/** The audit entry of a command that was carried out. */
export function auditOf(
  context: FleetContext,
  caller: Caller,
  entry: Pick<AuditEntry, "action" | "target" | "reason" | "detail">,
): AuditEntry {
  return {
    at: context.clock.nowMs(),
    actor: callerActor(caller),
    ...cameBy(caller),
    outcome: "ok",
    ...entry,
  };
}
