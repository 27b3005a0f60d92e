import type { LogCategory } from "../contracts/log.ts";
import type { SystemEvent } from "../contracts/stream.ts";
import type { EventDraft } from "../store/port.ts";
import type { FleetContext } from "./context.ts";
import type { AgentEntry } from "./registry.ts";

/** Something that people are told about an agent. */
export interface Notice {
  /** Of the log line; `system` if left out. */
  category?: LogCategory;
  kind: SystemEvent["kind"];
  severity: SystemEvent["severity"];
  message: string;
}

/** The event and the log line of a notice. */
export function tellOf(
  context: Pick<FleetContext, "clock">,
  entry: AgentEntry,
  notice: Notice,
): EventDraft[] {
  const { id, config } = entry.record;
  return [{
    type: "system.event",
    agentId: id,
    at: context.clock.nowMs(),
    data: {
      kind: notice.kind,
      severity: notice.severity,
      message: notice.message,
      agentId: id,
      agentName: config.name,
    },
  }, lineOf(context, entry, notice)];
}

/** Its log line alone. */
export function lineOf(
  { clock }: Pick<FleetContext, "clock">,
  { record: { id, config } }: AgentEntry,
  { message, severity, category = "system" }: Pick<
    Notice,
    "message" | "severity" | "category"
  >,
): EventDraft {
  const at = clock.nowMs();
  return {
    type: "log.added",
    agentId: id,
    at,
    data: {
      level: severity,
      category,
      agentId: id,
      agentName: config.name,
      message,
      at,
      marketAt: null,
    },
  };
}
