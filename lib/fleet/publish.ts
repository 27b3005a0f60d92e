import type { AgentView } from "../contracts/agent.ts";
import { STREAM_VERSION } from "../contracts/stream.ts";
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
  // The host that has it tells of it.
  if (!entry.isOwn) return;
  const view = stamp(context, entry);
  entry.isDirty = false;
  if (context.storage.heldReason !== null) sendNow(context, view);
  append(context, {
    events: [...events, {
      type: "agent.updated",
      agentId: view.id,
      at: view.updatedAt,
      data: view,
    }],
    projections: [
      { kind: "observed", value: entry.observed },
      { kind: "view", value: view },
    ],
  });
}

/**
 * Tells of an agent whose figures have changed. While nothing can be stored
 * only whoever listens is told, and what it came to is stored afterwards: a
 * failure that lasts must not fill the queue of the store with figures.
 */
export function publishFigures(
  context: FleetContext,
  entry: AgentEntry,
): void {
  if (context.storage.heldReason === null) publish(context, entry);
  else sendNow(context, stamp(context, entry));
}

function stamp(context: FleetContext, entry: AgentEntry): AgentView {
  const at = context.clock.nowMs();
  entry.publishedAt = at;
  entry.updatedAt = at;
  return toView(entry);
}

function sendNow(context: FleetContext, view: AgentView): void {
  context.publishVolatile({
    v: STREAM_VERSION,
    seq: null,
    topic: "agent:update",
    type: "agent.updated",
    at: new Date(view.updatedAt).toISOString(),
    data: view,
  }, view.id);
}

/** Tells whoever listens at this process, and nobody else, how an agent is seen here. */
export function tellListeners(context: FleetContext, entry: AgentEntry): void {
  sendNow(context, toView(entry));
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
