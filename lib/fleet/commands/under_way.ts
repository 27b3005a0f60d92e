/**
 * New agents between their check and their record. They count like those that
 * are there: of two spawns at the same moment the second is judged as if the
 * first had succeeded. None waits for another, and a refused one counts no more.
 *
 * @module
 */
import type { FleetContext } from "../context.ts";
import type { Caller } from "../port.ts";
import { type AgentEntry, createEntry, neverStarted } from "../registry.ts";
import { type NewAgent, newRecord } from "./new_record.ts";

/** A new agent as it would be in the fleet. */
export function draftEntry(
  context: FleetContext,
  agent: NewAgent,
  caller: Caller,
): AgentEntry {
  const record = newRecord(context, agent, {
    headSeq: 0,
    caller,
    commandId: "",
  });
  return createEntry(record, {
    observed: neverStarted(agent.id, record.createdAt),
    equity: [],
    account: null,
    livePrices: false,
  });
}

/** Spawns agents that were just checked, and has them counted meanwhile. Begin it in the same step as the check. */
export async function countedWhile<Result>(
  { context, caller }: { context: FleetContext; caller: Caller },
  agents: readonly NewAgent[],
  spawn: () => Promise<Result>,
): Promise<Result> {
  const { spawning } = context;
  for (const agent of agents) {
    spawning.set(agent.id, draftEntry(context, agent, caller));
  }
  try {
    return await spawn();
  } finally {
    for (const { id } of agents) spawning.delete(id);
  }
}

/** Agents whose spawns are under way in this process. */
export function spawnsUnderWay(
  { agents, spawning }: FleetContext,
): readonly AgentEntry[] {
  // One that is in the fleet by now counts there.
  return [...spawning.values()].filter(({ record }) =>
    agents.find(record.id) === undefined
  );
}
