import type { StrategyKey } from "../../lib/contracts/strategies.ts";
import { isUnanswered } from "../desk_answer.ts";
import type { LostEntriesSnapshot } from "../lost_entries.ts";
import type { Setup } from "./setup.ts";

/** A setup and the entry that was submitted for it, if one is. Plain data. */
export interface ArmedSetup {
  setup: Setup;
  intentId: string | null;
  /** Candle of the decision to submit it; left out once the desk has named the entry. */
  sentSeq?: number;
}

/** State of an `EntryBook`; structured-cloneable. */
export interface EntryBookSnapshot extends LostEntriesSnapshot {
  /** Setups by strategy; none where there is no key. */
  armed: Partial<Record<StrategyKey, ArmedSetup>>;
  /** The setup of the newest submitted entry, also after it was withdrawn. */
  submitted: ArmedSetup | null;
  /** Withdrawn entries that the desk has not answered yet; left out where there are none. */
  withdrawn?: ArmedSetup[];
}

/** A setup that was not traded although it could have been. */
export interface SkippedSetup {
  setup: Setup;
  reason: string;
}

/** An entry at the market that the desk has not answered. */
export function isUnderWay({ setup, intentId }: ArmedSetup): boolean {
  return setup.entry === "market" && intentId !== null;
}

/** Whether the desk had the time to name an entry and has not: it never took it. */
export function isLost(
  { intentId, sentSeq }: ArmedSetup,
  seq: number,
): boolean {
  return intentId !== null && sentSeq !== undefined &&
    isUnanswered(sentSeq, seq);
}
