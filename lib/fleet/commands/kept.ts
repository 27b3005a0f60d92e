/**
 * Commands that were carried out and that the store has not taken yet. What the
 * store does take meanwhile lies beneath them, in memory as later in the store.
 *
 * @module
 */
import type { AgentRecord } from "../../contracts/agent.ts";
import type { DesiredState } from "../../contracts/lifecycle.ts";
import type { AuditEntry } from "../../store/port.ts";
import type { AgentEntry } from "../registry.ts";

/** A command that the store has not taken yet. */
export interface UnstoredChange {
  commandId: string;
  parts: UnstoredPart[];
  audit: AuditEntry;
  /** Its first attempt, given up as late, was seen in the store: nothing of it is left to store. */
  isStored: boolean;
  /** Settles when it is stored, or the server ends. */
  isOver: Promise<void>;
}

/** What it changes of one agent. */
export interface UnstoredPart {
  entry: AgentEntry;
  change: Partial<AgentRecord>;
  /** What it is made on, which the store has by then. */
  expected: AgentRecord;
  /** It was removed from the store. */
  isGone: boolean;
}

/** From what lets an agent do most to what lets it do least. */
const STRICTNESS: Readonly<Record<DesiredState, number>> = {
  running: 0,
  paused: 1,
  stopped: 2,
  retired: 3,
};

/** The record with its change. Such a command takes back nothing that is stricter: an agent that was deleted stays so. */
export function changedRecord(
  { expected, change }: Pick<UnstoredPart, "expected" | "change">,
): AgentRecord {
  const record = { ...expected, ...change };
  if (STRICTNESS[expected.desired] <= STRICTNESS[record.desired]) return record;
  const { desired, desiredReason, stopPositions } = expected;
  return { ...record, desired, desiredReason, stopPositions };
}

/** Notes that the store has a command: whatever is still to be stored of its agents is made on what it left. */
export function dropStored(change: UnstoredChange): void {
  change.isStored = true;
  for (const { entry } of change.parts) {
    entry.unstored = entry.unstored.filter((other) => other !== change);
  }
}

/** Holds in memory what the store has of an agent, with the commands on top that it has not taken yet. */
export function holdStored(entry: AgentEntry, stored: AgentRecord): void {
  let record = stored;
  for (const { parts } of entry.unstored) {
    const part = parts.find((known) => known.entry === entry)!;
    part.expected = record;
    record = changedRecord(part);
  }
  entry.record = record;
}
