/**
 * The links over which signals go from agent to agent.
 *
 * @module
 */
import { AppError } from "../../core/errors.ts";
import { LINKS } from "../../contracts/links.ts";
import type { FleetContext } from "../context.ts";
import type { AgentEntry } from "../registry.ts";
import {
  listenersOf,
  nameAgents,
  type SourceCandidate,
  sourcesOf,
} from "./checks.ts";

/** What is looked at of an agent when it is asked who may listen to whom. */
export function toCandidate({ record }: AgentEntry): SourceCandidate {
  const { id, ownerId, config } = record;
  return { id, ownerId, config };
}

/** Every agent that is not on its way out. */
export function listCandidates({ agents }: FleetContext): SourceCandidate[] {
  return agents.all().filter(({ record }) => record.desired !== "retired")
    .map(toCandidate);
}

/** Wishes for the links of an agent that starts or is configured anew: to its sources, and to those that listen to it. */
export function connectSources(
  { supervisor, agents }: FleetContext,
  entry: AgentEntry,
): void {
  const { id, config } = entry.record;
  const wanted = new Set(sourcesOf(config));
  for (const sourceId of entry.connectedSources) {
    if (wanted.has(sourceId)) continue;
    supervisor.disconnect(id, LINKS.sourceOf(sourceId));
  }
  entry.connectedSources = wanted;
  const pairs = [
    ...[...wanted].map((sourceId) => ({ listenerId: id, sourceId })),
    // The links of one that was removed meanwhile were forgotten with it.
    ...agents.all().filter((other) => other.connectedSources.has(id))
      .map((other) => ({ listenerId: other.record.id, sourceId: id })),
  ];
  for (const { listenerId, sourceId } of pairs) {
    supervisor.connect({
      from: listenerId,
      fromLink: LINKS.sourceOf(sourceId),
      to: sourceId,
      toLink: LINKS.listenerOf(listenerId),
    });
  }
}

/** Takes the links to an agent's sources apart. */
export function disconnectSources(
  { supervisor }: FleetContext,
  entry: AgentEntry,
): void {
  for (const sourceId of entry.connectedSources) {
    supervisor.disconnect(entry.record.id, LINKS.sourceOf(sourceId));
  }
  entry.connectedSources = new Set();
}

/**
 * Refuses to take agents away from others that listen to them.
 *
 * @throws {AppError} AGENT_STATE_CONFLICT
 */
export function refuseListenedTo(
  context: FleetContext,
  entries: readonly AgentEntry[],
): void {
  const leaving = new Set(entries.map(({ record }) => record.id));
  const staying = listCandidates(context).filter(({ id }) => !leaving.has(id));
  for (const { record: { id, config } } of entries) {
    const listeners = listenersOf(id, staying);
    if (listeners.length === 0) continue;
    throw new AppError(
      "AGENT_STATE_CONFLICT",
      `Cannot delete "${config.name}": ${
        nameAgents(listeners)
      } to it; delete them first, or take it out of their sources`,
      { status: 409 },
    );
  }
}

/**
 * For whom an agent stands still, in one sentence; null where nobody keeps it
 * waiting.
 *
 * @param waitsFor Ids of the sources whose signals it misses.
 */
export function describeWait(
  { agents }: FleetContext,
  waitsFor: readonly string[],
): string | null {
  if (waitsFor.length === 0) return null;
  const names = waitsFor.map((id) => {
    const source = agents.find(id);
    return source === undefined
      ? `"${id}" (deleted)`
      : `"${source.record.config.name}" (${
        source.observed.state.replace("_", " ")
      })`;
  });
  return `Stands still until the signals of ${names.join(" and ")} are here`;
}
