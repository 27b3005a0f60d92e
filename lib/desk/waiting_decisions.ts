import type { AgentDecided } from "../contracts/links.ts";
import { EARLY_DECISIONS_MAX } from "./limits.ts";

/** Decisions that wait for their candle, or for an account that stands still. The first on a candle counts. */
export class WaitingDecisions {
  #decisions: AgentDecided[] = [];

  /** Keeps one; false where too many wait. The one that is due always finds room, or lockstep would wait for ever. */
  keep(decided: AgentDecided, { isDue }: { isDue: boolean }): boolean {
    if (this.#decisions.some(({ seq }) => seq === decided.seq)) return true;
    if (!isDue && this.#decisions.length >= EARLY_DECISIONS_MAX) return false;
    this.#decisions.push(decided);
    return true;
  }

  /** Takes those on candles up to `seq`, in their order. */
  takeUpTo(seq: number): AgentDecided[] {
    if (this.#decisions.length === 0) return [];
    const due = this.#decisions.filter((decided) => decided.seq <= seq);
    this.#decisions = this.#decisions.filter((decided) => decided.seq > seq);
    return due.sort((a, b) => a.seq - b.seq);
  }

  clear(): void {
    this.#decisions = [];
  }
}
