import type { EventDraft, Projection } from "../store/port.ts";
import type { FleetContext } from "./context.ts";
import type { AgentEntry } from "./registry.ts";
import { toView } from "./view.ts";

/** Writes an agent's projections with its `agent.updated` and the given events. */
export function publish(
  context: FleetContext,
  entry: AgentEntry,
  events: readonly EventDraft[] = [],
): void {
  const at = context.clock.nowMs();
  entry.isDirty = false;
  entry.publishedAt = at;
  entry.updatedAt = at;
  const view = toView(entry);
  append(context, {
    events: [...events, {
      type: "agent.updated",
      agentId: view.id,
      at,
      data: view,
    }],
    projections: [
      { kind: "observed", value: entry.observed },
      { kind: "view", value: view },
    ],
  });
}

/** Queues events and projections; a failure is logged and shows in the store's health. */
export function append(
  context: FleetContext,
  batch: {
    events?: readonly EventDraft[];
    projections?: readonly Projection[];
  },
): void {
  context.track(context.store.events.append(batch), "write events");
}
