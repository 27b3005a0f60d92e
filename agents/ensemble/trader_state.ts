import type { Bias } from "../../lib/contracts/pattern.ts";
import type { LostEntriesSnapshot } from "../lost_entries.ts";

/** An entry that the desk has and that is not filled. */
export interface WorkingEntry {
  intentId: string;
  bias: Bias;
  /** Planned by another agent: it rests until the models turn against it. */
  isHeard?: true;
  /** Candle of the decision to submit it; left out once the desk has named it. */
  sentSeq?: number;
}

/** The open position. */
export interface Held {
  intentId: string;
  bias: Bias;
  /** Candle that filled the entry. */
  entrySeq: number;
}

/** State of an `EnsembleTrader`; structured-cloneable. */
export interface EnsembleTraderSnapshot extends LostEntriesSnapshot {
  working: WorkingEntry | null;
  held: Held | null;
  results: number[];
}
