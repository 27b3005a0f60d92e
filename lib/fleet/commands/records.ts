import { AppError } from "../../core/errors.ts";
import type { AgentRecord } from "../../contracts/agent.ts";
import type { AuditEntry } from "../../store/port.ts";
import type { FleetContext } from "../context.ts";
import type { Caller } from "../port.ts";
import type { AgentEntry } from "../registry.ts";
import { adopt, saveAndSettle } from "./doubt.ts";
import { refuseWhileUnstored } from "./unstored.ts";

/** Stores a changed record with its audit entry, unless somebody else was faster. */
export async function saveRecord(
  context: FleetContext,
  entry: AgentEntry,
  options: { change: Partial<AgentRecord>; audit: AuditEntry },
): Promise<void> {
  refuseWhileUnstored(entry);
  const expected = entry.record;
  const next = {
    ...expected,
    ...options.change,
    updatedAt: context.clock.nowMs(),
    commandId: context.ids("cmd"),
  };
  const stored = await saveAndSettle(context, next, {
    expected,
    audit: options.audit,
  });
  if (stored?.commandId !== next.commandId) {
    // An earlier command of unknown outcome was stored after all.
    if (stored !== null) await adopt(context, entry, stored);
    throw new AppError(
      "AGENT_STATE_CONFLICT",
      `Agent "${expected.config.name}" was changed by somebody else at the same moment; look at it and try again`,
      { status: 409 },
    );
  }
  entry.record = next;
}

/** The audit entry of a command that was carried out. */
export function auditOf(
  context: FleetContext,
  caller: Caller,
  entry: Pick<AuditEntry, "action" | "target" | "reason" | "detail">,
): AuditEntry {
  return {
    at: context.clock.nowMs(),
    actor: caller.email,
    via: caller.via,
    outcome: "ok",
    ...entry,
  };
}
